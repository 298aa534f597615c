/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All numbers from 0 to 600 with junk. What stands in the syscall lists of the
 * profile (put beside us as syscalls/) may do what it likes with junk; all
 * others must be ENOSYS or EPERM, whatever they are given.
 */
#include "probe.h"
#include <signal.h>
#include <dirent.h>
#include <setjmp.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

#define NUMBERS 601
#define UNISTD "/usr/include/x86_64-linux-gnu/asm/unistd_64.h"

static char names[NUMBERS][40];
static char allowed[NUMBERS];
static char junk[65536];

static void read_numbers(void)
{
	FILE *f = fopen(UNISTD, "r");
	char line[256], name[40];
	int nr;

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "#define __NR_%39s %d", name, &nr) == 2 &&
		    nr >= 0 && nr < NUMBERS)
			memcpy(names[nr], name, sizeof(name));
	if (f)
		fclose(f);
}

static void allow(const char *name)
{
	for (int i = 0; i < NUMBERS; i++)
		if (!strcmp(names[i], name))
			allowed[i] = 1;
}

static void read_list(const char *path)
{
	FILE *f = fopen(path, "r");
	char line[256], name[64];

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "%63[a-z0-9_]", name) == 1)
			allow(name);
	if (f)
		fclose(f);
}

/* refused.list names what is not allowed. */
static int read_lists(void)
{
	DIR *dir = opendir("syscalls");
	char path[300];
	int n = 0;

	for (struct dirent *e; dir && (e = readdir(dir));) {
		if (e->d_name[0] == '.' || !strcmp(e->d_name, "refused.list"))
			continue;
		snprintf(path, sizeof(path), "syscalls/%s", e->d_name);
		read_list(path);
		n++;
	}
	return n;
}

static unsigned long value(int kind)
{
	switch (kind % 6) {
	case 0:
		return 0;
	case 1:
		return ~0UL;
	case 2:
		return (unsigned long)junk;
	case 3:
		return 1;
	case 4:
		return 0x7fffffff;
	default:
		return (unsigned long)random() << 16 ^ (unsigned long)random();
	}
}

static long junk_call(long nr, int kind)
{
	errno = 0;
	return syscall(nr, value(kind), value(kind + (kind > 5)),
		       value(kind + (kind > 11) * 2), value(kind),
		       value(kind + (kind > 5)), value(kind));
}

static sigjmp_buf back;

static void on_ill(int sig)
{
	siglongjmp(back, sig);
}

/* uretprobe and uprobe (335, 336) are the kernel's own return paths: new kernels
 * let them past every filter, and a caller of ours gets SIGILL or ENXIO. */
static long junk_call_safely(int nr, int kind)
{
	long rc;

	if (sigsetjmp(back, 1)) {
		errno = nr == 335 ? ENOSYS : 0;
		return -1;
	}
	rc = junk_call(nr, kind);
	if (nr == 336 && rc == -1 && errno == ENXIO)
		errno = ENOSYS;
	return rc;
}

static void must_fail(int nr)
{
	for (int kind = 0; kind < 24; kind++)
		REFUSED(names[nr][0] ? names[nr] : "a number without a name",
			junk_call_safely(nr, kind), ENOSYS, EPERM);
}

/* In processes of their own: some end, stop, wait or wipe the caller. */
static void may_do(int nr)
{
	pid_t pid = fork();
	struct timespec tick = { 0, 200000 };

	if (pid == 0) {
		setsid();
		for (int kind = 0; kind < 24; kind++) {
			memset(junk, kind, sizeof(junk));
			/* not the other processes of this test */
			if (nr != SYS_kill || kind % 6 != 1)
				junk_call(nr, kind);
		}
		_exit(0);
	}
	for (int i = 0; i < 100; i++) {
		if (waitpid(pid, NULL, WNOHANG) == pid)
			return;
		nanosleep(&tick, NULL);
	}
	kill(-pid, SIGKILL);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

int main(void)
{
	int refused = 0, tried = 0;

	signal(SIGILL, on_ill);
	read_numbers();
	HOLDS("the lists are there", read_lists() >= 7);
	HOLDS("the numbers are known", !strcmp(names[0], "read") && allowed[0]);
	for (int nr = 0; nr < NUMBERS; nr++)
		if (!allowed[nr]) {
			must_fail(nr);
			refused++;
		}
	for (int nr = 0; nr < NUMBERS; nr++)
		if (allowed[nr]) {
			may_do(nr);
			tried++;
		}
	HOLDS("there were enough of both", refused > 250 && tried > 200);
	printf("refused %d, tried %d\n", refused, tried);
	return probe_end();
}
