# What a program may do that knows nothing of components: run in a folder of its own, with a line to read, it prints what the tests expect.
import datetime, hashlib, io, json, os, re, shutil, sys, time, zipfile


def outcome(call):
    try:
        return call()
    except OSError as error:
        return type(error).__name__


os.chdir("/work")
print("hello", sys.argv[1:], os.environ["GREETING"], input())
with open("a.txt", "w") as file:
    file.write("hello\n" * 1000)
print(os.path.getsize("a.txt"), sorted(os.listdir(".")))
os.makedirs("x/y")
os.rename("a.txt", "x/y/b.txt")
os.symlink("x/y/b.txt", "link")
print(open("link").readline().strip(), os.readlink("link"), os.stat("link").st_size, os.lstat("link").st_size)
print([outcome(lambda: open(path).read()) for path in ("../etc/passwd", "/etc/passwd", "x/../../secret")], outcome(lambda: os.symlink("/etc/passwd", "out")))
print(hashlib.sha256(b"abc").hexdigest()[:16], re.sub("l+", "L", "hello"), json.dumps({"a": [1, 2.5, None]}), 2**100, f"{2/3:.5f}")
begun = time.monotonic()
time.sleep(0.02)
print(time.monotonic() - begun >= 0.02, datetime.datetime.now().year >= 2024)
archive = io.BytesIO()
with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
    zipped.writestr("a", "b" * 100_000)
print(zipfile.ZipFile(archive).read("a") == b"b" * 100_000)
shutil.rmtree("x")
print(sorted(os.listdir(".")))
sys.exit(3)
