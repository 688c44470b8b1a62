namespace Allotrope.Contracts;

/// <summary>Reads labels and annotations and holds them to Kubernetes' rules for keys and values.</summary>
static class LabelsReader
{
    public static IReadOnlyDictionary<string, string> Labels(Section section, string key, Problems problems)
    {
        var labels = section.Texts(key);
        foreach (var (at, name, value) in Entries(section, key))
        {
            CheckKey(at, name, problems);
            if (value is Node.Scalar { IsNothing: false } scalar && !Names.IsLabelValue(scalar.Text))
                problems.Error(scalar.At, $"label value '{Quote.Short(scalar.Text)}'",
                    "a label value has at most 63 letters, digits, '-', '_' or '.' and begins and ends with a letter or digit");
        }
        return labels;
    }

    public static IReadOnlyDictionary<string, string> Annotations(Section metadata, Problems problems)
    {
        var annotations = metadata.Texts("annotations");
        foreach (var (at, name, value) in Entries(metadata, "annotations"))
        {
            CheckKey(at, name, problems);
            if (value is not Node.Scalar { IsNothing: false } scalar)
                continue;
            if (name == "version" && scalar.Text == "latest")
                problems.Error(scalar.At, "version 'latest'", "that word always means the newest; give a version such as v0.1.0 or leave it out");
            else if (name == "version" && !Names.IsVersion(scalar.Text))
                problems.Error(scalar.At, $"version '{Quote.Short(scalar.Text)}'", "a version has at most 64 letters, digits, '-', '_', '.' or '+'");
            else if (name == "description" && !Names.IsDescription(scalar.Text))
                problems.Error(scalar.At, $"a description of {scalar.Text.Length} characters", "at most 4096 are allowed");
        }
        return annotations;
    }

    static IEnumerable<(Place At, string Key, Node Value)> Entries(Section section, string key) =>
        section.Value(key) is Node.Mapping mapping ? mapping.Entries.Select(entry => (entry.At, entry.Key, entry.Value)) : [];

    static void CheckKey(Place at, string key, Problems problems)
    {
        if (!Names.IsLabelKey(key))
            problems.Error(at, $"key '{Quote.Short(key)}'",
                "a key is an optional domain and '/', then at most 63 letters, digits, '-', '_' or '.', such as app.example.com/owner");
    }
}
