using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Allotrope.Kernel;

namespace Allotrope;

/// <summary>The certificate that a node shows to who dials it by TLS.</summary>
static class NodeCertificate
{
    /// <param name="file">PEM: the certificate and its private key, without a password.</param>
    /// <exception cref="FaultException"><see cref="Fault.NotFound"/> when it cannot be read, <see cref="Fault.Invalid"/> when it is no such file.</exception>
    public static X509Certificate2 Read(string file)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(new Fault.NotFound($"The certificate {file} cannot be read: {error.Message}"), error);
        }
        catch (CryptographicException error)
        {
            throw new FaultException(new Fault.Invalid(
                file, $"{file} is no certificate with its private key: put both into it as PEM, the key without a password ({error.Message})."), error);
        }
    }
}
