/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs tests one after another, each in a process group of its own, and says
 * how they ended in TAP version 13. Results go to standard output, why a test
 * failed to standard error, where prove shows it. Runs nothing in parallel:
 * prove -j does that, by programs.
 */
#include "tests/tap.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define DEFAULT_SECONDS 60

/* Shared with the test's process and what that forks. */
struct shared {
	int failures;
	bool skipped;
	char why[256];
};

/* A harness is one program with one test at a time: state may be global. */
static struct shared *shared;
static char build_dir[PATH_MAX];

/* ---- inside a test ---- */

bool tap_check(bool ok, const char *what, const char *file, int line)
{
	if (!ok) {
		__atomic_add_fetch(&shared->failures, 1, __ATOMIC_RELAXED);
		fprintf(stderr, "# %s:%d: failed: %s\n", file, line, what);
	}
	return ok;
}

/* Lines of a value must not be taken for TAP. */
static void show(const char *label, const char *s)
{
	fprintf(stderr, "#   %s: ", label);
	if (!s) {
		fprintf(stderr, "NULL\n");
		return;
	}
	fputc('"', stderr);
	for (; *s; s++) {
		if (*s == '\n')
			fputs("\\n\n#        ", stderr);
		else if ((unsigned char)*s < 0x20)
			fprintf(stderr, "\\x%02x", (unsigned char)*s);
		else
			fputc(*s, stderr);
	}
	fputs("\"\n", stderr);
}

bool tap_check_str(const char *got, const char *want, const char *what,
		   const char *file, int line)
{
	bool ok = got && want ? strcmp(got, want) == 0 : got == want;

	tap_check(ok, what, file, line);
	if (!ok) {
		show(" got", got);
		show("want", want);
	}
	return ok;
}

bool tap_check_int(long long got, long long want, const char *what,
		   const char *file, int line)
{
	tap_check(got == want, what, file, line);
	if (got != want)
		fprintf(stderr, "#    got: %lld\n#   want: %lld\n", got, want);
	return got == want;
}

void tap_note(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	printf("# ");
	vprintf(fmt, ap);
	printf("\n");
	va_end(ap);
	fflush(stdout);
}

void tap_skip(const char *why)
{
	shared->skipped = true;
	snprintf(shared->why, sizeof(shared->why), "%s", why);
	tap_end();
}

/* exit() and not _exit(): LeakSanitizer looks at exit, and may change it. */
void tap_end(void)
{
	exit(shared->failures ? 1 : 0);
}

unsigned tap_slow(unsigned n)
{
	const char *given = getenv("COOP_TEST_SLOW");
	long factor = given ? strtol(given, NULL, 10) : 1;

	return factor > 1 && factor <= 1000 ? n * (unsigned)factor : n;
}

const char *tap_build(const char *relative)
{
	static char paths[4][PATH_MAX];
	static unsigned next;
	char *path = paths[next++ % 4];
	int n = snprintf(path, PATH_MAX, "%s/%s", build_dir, relative);

	if (n < 0 || n >= PATH_MAX) {
		fprintf(stderr, "# path too long: %s\n", relative);
		exit(1);
	}
	return path;
}

/* ---- around a test ---- */

/* build/<mode>/tests/… tells where build/<mode> is. */
static void find_build_dir(void)
{
	const char *given = getenv("COOP_BUILD");
	ssize_t n;
	char *cut;

	if (given && realpath(given, build_dir))
		return;
	n = readlink("/proc/self/exe", build_dir, sizeof(build_dir) - 1);
	build_dir[n > 0 ? n : 0] = '\0';
	for (cut = strstr(build_dir, "/tests/"); cut;) {
		char *later = strstr(cut + 1, "/tests/");

		if (!later)
			*cut = '\0';
		cut = later;
	}
}

/* Lines of the list are stems; what follows a blank is the reason. */
static bool skip_allowed(void)
{
	const char *ci = getenv("CI");
	const char *stem = program_invocation_short_name;
	size_t len = strlen(stem);
	char line[512];
	bool found = false;
	FILE *list;

	if (!ci || strcmp(ci, "true") != 0)
		return true;
	list = fopen("tests/allowed-skips", "re");
	while (list && !found && fgets(line, sizeof(line), list))
		found = strncmp(line, stem, len) == 0 &&
			strchr(" \t\n", line[len]);
	if (list)
		fclose(list);
	return found;
}

static pid_t start(const struct tap_test *test)
{
	pid_t parent = getpid();
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid < 0) {
		printf("Bail out! fork: %s\n", strerror(errno));
		exit(1);
	}
	if (pid > 0) {
		setpgid(pid, pid);
		return pid;
	}
	setpgid(0, 0);
	/* a Ctrl-C reaches only the harness, whose death must reach the test */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	test->fn();
	tap_end();
}

/* Waits for the end, kills all that the test left; true when it was in time. */
static bool wait_for(pid_t pid, unsigned seconds, int *status)
{
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	struct pollfd p = { .fd = pidfd, .events = POLLIN };
	int n;

	do
		n = poll(&p, 1, (int)seconds * 1000);
	while (n < 0 && errno == EINTR);
	close(pidfd);
	/* not reaped yet, so the number of the group is still its own */
	kill(-pid, SIGKILL);
	while (waitpid(pid, status, 0) < 0 && errno == EINTR)
		;
	/* its orphans, which are ours because tap_main made us their reaper */
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	return n > 0;
}

/* Why the process failed, apart from CHECKs; false when it did not. */
static bool process_failed(int status, bool in_time, unsigned seconds)
{
	if (!in_time)
		fprintf(stderr, "# timed out after %u s\n", seconds);
	else if (WIFSIGNALED(status))
		fprintf(stderr, "# died by signal %d (%s)\n", WTERMSIG(status),
			strsignal(WTERMSIG(status)));
	else if (WEXITSTATUS(status) && !shared->failures)
		fprintf(stderr, "# exit status %d\n", WEXITSTATUS(status));
	return !in_time || status != 0;
}

static bool run(const struct tap_test *test, unsigned number)
{
	unsigned usual = test->seconds ? test->seconds : DEFAULT_SECONDS;
	unsigned seconds = tap_slow(usual);
	bool in_time, ok;
	int status = 0;

	memset(shared, 0, sizeof(*shared));
	in_time = wait_for(start(test), seconds, &status);
	ok = !process_failed(status, in_time, seconds) && !shared->failures;
	if (ok && shared->skipped && !skip_allowed()) {
		fprintf(stderr,
			"# tests/allowed-skips does not name this skip: %s\n",
			shared->why);
		ok = false;
	}
	if (!ok)
		fprintf(stderr, "# failed test: %s\n", test->name);
	printf("%s %u - %s", ok ? "ok" : "not ok", number, test->name);
	if (ok && shared->skipped)
		printf(" # SKIP %s", shared->why);
	printf("\n");
	fflush(stdout);
	return ok;
}

static bool chosen(const struct tap_test *test, int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], test->name) == 0)
			return true;
	return argc < 2;
}

int tap_main(const struct tap_test *tests, int argc, char **argv)
{
	unsigned count = 0, number = 0, failed = 0;

	find_build_dir();
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED) {
		printf("Bail out! mmap: %s\n", strerror(errno));
		return 1;
	}
	for (const struct tap_test *t = tests; t->name; t++)
		count += chosen(t, argc, argv);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	printf("TAP version 13\n1..%u\n", count);
	if (argc > 1 && count != (unsigned)argc - 1) {
		printf("Bail out! a test that is named does not exist\n");
		return 1;
	}
	for (const struct tap_test *t = tests; t->name; t++)
		if (chosen(t, argc, argv))
			failed += !run(t, ++number);
	return failed ? 1 : 0;
}
