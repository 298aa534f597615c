/* SPDX-License-Identifier: Apache-2.0 */
/* fork, exec, poll, wait. */
#include "tests/hostile/hostile_child.h"

#include "executor/base/fd.h"
#include "executor/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define OUTPUT_MAX (64U << 20)
#define LOOK_MS 20
#define LEAK_FIRST 40 /* descriptors that coop inherits and no box may see */

void hostile_child_adopt(void)
{
	prctl(PR_SET_CHILD_SUBREAPER, 1);
}

unsigned hostile_child_children(pid_t pid, pid_t *out, unsigned max)
{
	char path[64], *at;
	struct buf text;
	unsigned n = 0;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", pid, pid);
	buf_init(&text, 65536);
	fd_slurp_path(AT_FDCWD, path, &text, NULL);
	at = text.data;
	while (n < max) {
		char *end;
		long value = strtol(at, &end, 10);

		if (end == at)
			break;
		out[n++] = (pid_t)value;
		at = end;
	}
	buf_finish(&text);
	return n;
}

/* What a careless caller leaves open and set: the root folder, a file, ignored
 * and blocked signals, a mask, groups, a low priority. */
static void leak_things(void)
{
	int dir = open("/", O_RDONLY | O_DIRECTORY);
	int file = open("/etc/passwd", O_RDONLY);
	sigset_t blocked;

	dup2(dir, LEAK_FIRST);
	dup2(file, LEAK_FIRST + 1);
	signal(SIGUSR2, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR1);
	sigprocmask(SIG_SETMASK, &blocked, NULL);
	umask(0);
	if (setgroups(2, (const gid_t[]){ 4, 42 }) < 0)
		errno = 0; /* adm and shadow, where we may */
	if (nice(1) < 0)
		errno = 0; /* a hint only */
}

static _Noreturn void child(const char *const *argv, int in, int out, int err,
			    bool tty)
{
	setsid();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(in, 0);
	dup2(out, 1);
	dup2(err, 2);
	if (tty)
		ioctl(0, TIOCSCTTY, 0);
	leak_things();
	execv(argv[0], (char *const *)argv);
	dprintf(2, "%s: %s\n", argv[0], strerror(errno));
	_exit(125);
}

static int open_input(struct hostile_child *c, const char *input, bool tty)
{
	int master, slave;

	c->tty = c->slave = -1;
	if (!tty)
		return fd_memfd("input", input ? input : "",
				input ? strlen(input) : 0, NULL);
	if (openpty(&master, &slave, NULL, NULL, NULL) < 0)
		return -1;
	fcntl(master, F_SETFD, FD_CLOEXEC);
	fcntl(slave, F_SETFD, FD_CLOEXEC);
	c->tty = master;
	c->slave = slave;
	return fcntl(slave, F_DUPFD_CLOEXEC, 0);
}

int hostile_child_start(struct hostile_child *c, const char *const *argv,
			const char *input, bool tty)
{
	_auto_close_ int in = open_input(c, input, tty);
	int out[2], err[2];

	if (in < 0 || fd_pipe(out, NULL) < 0 || fd_pipe(err, NULL) < 0)
		return -1;
	fflush(NULL);
	c->pid = fork();
	if (c->pid == 0)
		child(argv, in, out[1], err[1], tty);
	fd_close(&out[1]);
	fd_close(&err[1]);
	c->out = out[0];
	c->err = err[0];
	c->pidfd = c->pid < 0 ? -1 : pidfd_open(c->pid, 0);
	return c->pidfd < 0 ? -1 : 0;
}

static uint64_t rss_peak(pid_t pid)
{
	char path[64];
	struct buf text;
	uint64_t kb = 0;
	const char *at;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	buf_init(&text, 65536);
	fd_slurp_path(AT_FDCWD, path, &text, NULL);
	at = strstr(text.data, "VmHWM:");
	if (at)
		kb = strtoull(at + strlen("VmHWM:"), NULL, 10);
	buf_finish(&text);
	return kb * 1024;
}

static void look_at_memory(const struct hostile_child *c,
			   struct hostile_end *end)
{
	pid_t pids[8] = { c->pid };
	unsigned n = 1 + hostile_child_children(c->pid, pids + 1, 7);

	for (unsigned i = 0; i < n; i++) {
		uint64_t rss = rss_peak(pids[i]);

		if (rss > end->rss_peak)
			end->rss_peak = rss;
	}
}

/* What is there, into b; false at the end of the pipe. */
static bool take(int fd, struct buf *b)
{
	char piece[65536];
	ssize_t n = read(fd, piece, sizeof(piece));

	if (n > 0)
		buf_add(b, piece, (size_t)n); /* over the maximum: cut */
	return n > 0 || (n < 0 && errno == EINTR);
}

static void pump(struct hostile_child *c, struct deadline deadline,
		 struct hostile_end *end)
{
	struct pollfd p[] = {
		{ .fd = c->out, .events = POLLIN },
		{ .fd = c->err, .events = POLLIN },
		{ .fd = c->pidfd, .events = POLLIN },
	};
	uint64_t looked = 0;

	while (p[0].fd >= 0 || p[1].fd >= 0 || p[2].fd >= 0) {
		if (deadline_passed(deadline)) {
			end->late = true;
			return;
		}
		if (clock_now_ns() - looked > LOOK_MS * CLOCK_MS) {
			look_at_memory(c, end);
			looked = clock_now_ns();
		}
		if (poll(p, 3, LOOK_MS) <= 0)
			continue;
		if (p[0].revents && !take(c->out, &end->out))
			p[0].fd = -1;
		if (p[1].revents && !take(c->err, &end->err))
			p[1].fd = -1;
		if (p[2].revents)
			p[2].fd = -1;
	}
}

/* What TIOCSTI pushes is echoed, so the master side sees it too. */
static bool tty_touched(const struct hostile_child *c)
{
	struct pollfd p = { .fd = c->tty, .events = POLLIN };

	return c->tty >= 0 && poll(&p, 1, 0) == 1 && p.revents & POLLIN;
}

void hostile_child_wait(struct hostile_child *c, struct deadline deadline,
			struct hostile_end *end)
{
	memset(end, 0, sizeof(*end));
	buf_init(&end->out, OUTPUT_MAX);
	buf_init(&end->err, OUTPUT_MAX);
	pump(c, deadline, end);
	if (end->late)
		kill(-c->pid, SIGKILL); /* it is the leader of its session */
	while (waitpid(c->pid, &end->wait_status, 0) < 0 && errno == EINTR)
		;
	end->tty_touched = tty_touched(c);
	fd_close(&c->out);
	fd_close(&c->err);
	fd_close(&c->pidfd);
	fd_close(&c->tty);
	fd_close(&c->slave);
}

void hostile_end_finish(struct hostile_end *end)
{
	buf_finish(&end->out);
	buf_finish(&end->err);
}

static void reap(void)
{
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

static void name_process(pid_t pid, struct buf *names)
{
	char path[64];
	struct buf text;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	buf_init(&text, 4096);
	fd_slurp_path(AT_FDCWD, path, &text, NULL);
	text.data[strcspn(text.data, "\n")] = '\0';
	if (text.len > 60)
		text.data[60] = '\0';
	buf_printf(names, "%s; ", text.data);
	buf_finish(&text);
}

unsigned hostile_child_leftovers(struct deadline deadline, struct buf *names)
{
	const struct timespec pause = { .tv_nsec = 2 * CLOCK_MS };
	unsigned found = 0, n;
	pid_t pids[256];

	for (;;) {
		reap();
		n = hostile_child_children(getpid(), pids, 256);
		if (!n)
			return found;
		if (deadline_passed(deadline)) {
			for (unsigned i = 0; i < n; i++) {
				if (found++ < 8)
					name_process(pids[i], names);
				kill(pids[i], SIGKILL);
			}
			/* its children become ours: look again */
			deadline = deadline_in_ms(2000);
			if (found > 1000)
				return found; /* they cannot be killed */
		}
		nanosleep(&pause, NULL);
	}
}
