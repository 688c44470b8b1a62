// A command of POSIX calls, each argument a step: what it prints and how it ends is what a host's WASI gives it.
//   args, env NAME, cat FILE, write FILE TEXT, append FILE TEXT, list FOLDER, stat FILE, make FOLDER, remove FILE, rename FROM TO,
//   link TARGET NAME, readlink NAME, echo (standard input to standard output), time, clock, random, sleep MILLISECONDS, exit CODE, trap
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int failed(const char *step, const char *what)
{
    fprintf(stderr, "%s %s: %s\n", step, what, strerror(errno));
    return 1;
}

static int by_name(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static int copy(FILE *from)
{
    char buffer[4096];
    for (size_t length; (length = fread(buffer, 1, sizeof buffer, from)) > 0;)
        fwrite(buffer, 1, length, stdout);
    return ferror(from);
}

static int cat(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return failed("cat", path);
    int wrong = copy(file);
    fclose(file);
    return wrong ? failed("cat", path) : 0;
}

static int put(const char *step, const char *path, const char *mode, const char *text)
{
    FILE *file = fopen(path, mode);
    if (!file || fputs(text, file) < 0 || fclose(file) != 0)
        return failed(step, path);
    return 0;
}

static int list(const char *path)
{
    DIR *folder = opendir(path);
    if (!folder)
        return failed("list", path);
    char *names[256];
    size_t count = 0;
    for (struct dirent *entry; count < 256 && (entry = readdir(folder));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            names[count++] = strdup(entry->d_name);
    closedir(folder);
    qsort(names, count, sizeof *names, by_name);
    for (size_t i = 0; i < count; i++)
        puts(names[i]);
    return 0;
}

static int show(const char *path)
{
    struct stat about;
    if (lstat(path, &about) != 0)
        return failed("stat", path);
    const char *kind = S_ISDIR(about.st_mode) ? "folder" : S_ISLNK(about.st_mode) ? "link" : S_ISREG(about.st_mode) ? "file" : "other";
    printf("%s %lld\n", kind, S_ISREG(about.st_mode) ? (long long)about.st_size : 0);
    return 0;
}

static int read_link(const char *path)
{
    char target[1024];
    ssize_t length = readlink(path, target, sizeof target);
    if (length < 0)
        return failed("readlink", path);
    printf("%.*s\n", (int)length, target);
    return 0;
}

static int pause_for(long milliseconds)
{
    struct timespec span = { milliseconds / 1000, milliseconds % 1000 * 1000000 };
    return nanosleep(&span, NULL) == 0 ? 0 : failed("sleep", "");
}

static int show_time(clockid_t clock)
{
    struct timespec now;
    if (clock_gettime(clock, &now) != 0)
        return failed("time", "");
    printf("%lld.%09ld\n", (long long)now.tv_sec, now.tv_nsec);
    return 0;
}

static int show_random(void)
{
    unsigned char bytes[16];
    if (getentropy(bytes, sizeof bytes) != 0)
        return failed("random", "");
    for (size_t i = 0; i < sizeof bytes; i++)
        printf("%02x", bytes[i]);
    puts("");
    return 0;
}

int main(int count, char **arguments)
{
    if (count < 2)
        puts("Hello, world!");
    for (int at = 1; at < count; at++)
    {
        const char *step = arguments[at];
        int wrong = 0;
#define IS(name, values) (strcmp(step, name) == 0 && at + values < count)
#define NEXT arguments[++at]
        if (IS("args", 0))
            for (int i = 1; i < count; i++)
                puts(arguments[i]);
        else if (IS("env", 1))
        {
            const char *value = getenv(NEXT);
            puts(value ? value : "(none)");
        }
        else if (IS("cat", 1))
            wrong = cat(NEXT);
        else if (IS("write", 2))
            at += 2, wrong = put("write", arguments[at - 1], "wb", arguments[at]);
        else if (IS("append", 2))
            at += 2, wrong = put("append", arguments[at - 1], "ab", arguments[at]);
        else if (IS("list", 1))
            wrong = list(NEXT);
        else if (IS("stat", 1))
            wrong = show(NEXT);
        else if (IS("make", 1))
            wrong = mkdir(NEXT, 0777) ? failed("make", arguments[at]) : 0;
        else if (IS("remove", 1))
            wrong = remove(NEXT) ? failed("remove", arguments[at]) : 0;
        else if (IS("rename", 2))
            at += 2, wrong = rename(arguments[at - 1], arguments[at]) ? failed("rename", arguments[at - 1]) : 0;
        else if (IS("link", 2))
            at += 2, wrong = symlink(arguments[at - 1], arguments[at]) ? failed("link", arguments[at]) : 0;
        else if (IS("readlink", 1))
            wrong = read_link(NEXT);
        else if (IS("echo", 0))
            wrong = copy(stdin) ? failed("echo", "") : 0;
        else if (IS("time", 0))
            wrong = show_time(CLOCK_REALTIME);
        else if (IS("clock", 0))
            wrong = show_time(CLOCK_MONOTONIC);
        else if (IS("random", 0))
            wrong = show_random();
        else if (IS("sleep", 1))
            wrong = pause_for(atol(NEXT));
        else if (IS("exit", 1))
            exit(atoi(NEXT));
        else if (IS("trap", 0))
            fflush(stdout), __builtin_trap();
        else
        {
            fprintf(stderr, "no such step: %s\n", step);
            return 2;
        }
        fflush(stdout);
        if (wrong)
            return wrong;
    }
    return 0;
}
