/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Callbacks turned into flags, and looking at processes and cgroups from outside.
 */
#include "tests/executor/broker/jail_world.h"

#include "executor/base/fd.h"
#include "executor/base/loop.h"
#include "tests/tap.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define OUT_MAX (1U << 20)

static void on_made(void *arg, const struct broker_box_info *info,
		    const struct err *err)
{
	struct world *w = arg;

	if (info)
		w->info = *info;
	if (err)
		w->err = *err;
	w->made = info != NULL;
	w->settled = true;
}

static void on_started(void *arg, const struct err *err)
{
	struct world *w = arg;

	w->started = !err;
	w->failed = err != NULL;
	if (err)
		w->err = *err;
	w->settled = true;
}

static void on_ended(void *arg, const struct broker_end *end)
{
	struct world *w = arg;

	w->end = *end;
	w->ended = true;
	w->settled = true;
}

static void on_lost(void *arg, const struct err *err)
{
	struct world *w = arg;

	w->lost = true;
	w->err = *err;
	w->settled = true;
}

bool world_until(struct world *w, const bool *flag)
{
	return loop_until(w->loop, flag, deadline_in_ms(tap_slow(60000)),
			  NULL) == 0;
}

bool world_box(struct world *w, const char *profile,
	       const struct limits *limits, int tier)
{
	const struct broker_box_events events = {
		w, on_made, on_started, on_ended, on_lost,
	};
	struct limits wanted = limits ? *limits : (struct limits){ 0 };
	const struct broker_wish wish = {
		.profile = profile ? profile : "default",
		.limits = &wanted,
		.tier = tier,
		.events = &events,
	};

	if (!wanted.time_ms)
		wanted.time_ms = tap_slow(10000);
	w->made = w->settled = w->lost = false;
	memset(&w->err, 0, sizeof(w->err));
	if (broker_box_make(&w->box, w->broker, &wish, &w->err))
		return false;
	world_until(w, &w->settled);
	return w->made;
}

bool world_open(struct world *w, const char *profile,
		const struct limits *limits)
{
	char program[512], share[512];
	struct broker_options o = { program, share };

	memset(w, 0, sizeof(*w));
	w->pipe = -1;
	buf_init(&w->out, OUT_MAX);
	const char *stepping = getenv("WORLD_BROKER");
	snprintf(program, sizeof(program), "%s",
		 stepping ? stepping : tap_build("libexec/coop/broker"));
	const char *other = getenv("WORLD_SHARE");
	snprintf(share, sizeof(share), "%s",
		 other ? other : tap_build("share/coop"));
	w->loop = loop_create(&w->err);
	if (!w->loop || broker_start(&w->broker, w->loop, &o, &w->err))
		return false;
	return world_box(w, profile, limits, 0);
}

void world_close(struct world *w)
{
	broker_stop(w->broker);
	loop_destroy(w->loop);
	fd_close(&w->pipe);
	buf_finish(&w->out);
	memset(w, 0, sizeof(*w));
}

bool world_start(struct world *w, const char *const *argv)
{
	static const char *const env[] = {
		"PATH=/usr/local/bin:/usr/bin:/bin",
		"HOME=/workspace",
		"LANG=C.UTF-8",
		NULL,
	};
	int out[2];
	int in = open("/dev/null", O_RDONLY | O_CLOEXEC);

	fd_close(&w->pipe);
	buf_clear(&w->out);
	w->settled = w->started = w->ended = w->failed = false;
	memset(&w->err, 0, sizeof(w->err));
	memset(&w->end, 0, sizeof(w->end));
	if (fd_pipe(out, &w->err))
		return false;
	struct broker_program p = {
		.argv = argv,
		.env = env,
		.stdio = { in, out[1], out[1] },
	};
	int rc = broker_box_start(w->box, &p, &w->err);
	fd_close(&in);
	fd_close(&out[1]);
	w->pipe = out[0];
	if (rc)
		return false;
	world_until(w, &w->settled);
	return w->started;
}

/* What fits in the pipe; tests of floods are capture's. */
static void slurp(struct world *w)
{
	if (w->pipe >= 0)
		fd_slurp(w->pipe, &w->out, NULL);
	fd_close(&w->pipe);
}

bool world_wait(struct world *w)
{
	while (!w->ended && !w->lost && !w->failed) {
		w->settled = false;
		if (!world_until(w, &w->settled))
			return false;
	}
	slurp(w);
	return w->ended;
}

bool world_run(struct world *w, const char *const *argv)
{
	bool ended = world_start(w, argv) && world_wait(w);

	if (!ended)
		tap_note("no end: %s", w->err.text);
	return ended;
}

bool world_sh(struct world *w, const char *script)
{
	const char *const argv[] = { "bash", "-c", script, NULL };

	return world_run(w, argv);
}

int world_status(const struct world *w)
{
	if (!w->ended || w->end.broken)
		return -1000;
	if (WIFSIGNALED(w->end.wait_status))
		return -WTERMSIG(w->end.wait_status);
	return WEXITSTATUS(w->end.wait_status);
}

/* State and parent, from the text after the name, which may hold anything. */
static bool look_at(pid_t pid, char *state, pid_t *parent)
{
	char path[64], text[512];

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);
	fd_close(&fd);
	text[n > 0 ? n : 0] = '\0';
	const char *after = strrchr(text, ')');
	if (!after || strlen(after) < 5)
		return false;
	*state = after[2];
	*parent = (pid_t)strtol(after + 4, NULL, 10);
	return true;
}

bool world_alive(pid_t pid)
{
	char state;
	pid_t parent;

	return look_at(pid, &state, &parent) && state != 'Z' && state != 'X';
}

pid_t world_parent(pid_t of)
{
	char state;
	pid_t parent;

	return look_at(of, &state, &parent) ? parent : 0;
}

pid_t world_child(pid_t of)
{
	DIR *dir = opendir("/proc");
	pid_t newest = 0;

	for (struct dirent *e; dir && (e = readdir(dir));) {
		pid_t pid = (pid_t)strtol(e->d_name, NULL, 10);

		if (pid > newest && world_parent(pid) == of)
			newest = pid;
	}
	if (dir)
		closedir(dir);
	return newest;
}

pid_t world_broker(void)
{
	return world_child(getpid());
}

const char *world_mark(void)
{
	static char mark[16];

	/* one test is one process */
	snprintf(mark, sizeof(mark), "77%07d", getpid());
	return mark;
}

static bool cmdline_has(const char *pid, const char *text)
{
	char path[64], line[4096];

	snprintf(path, sizeof(path), "/proc/%.20s/cmdline", pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, line, sizeof(line) - 1);
	fd_close(&fd);
	return n > 0 && memmem(line, (size_t)n, text, strlen(text));
}

int world_processes(const char *text)
{
	DIR *dir = opendir("/proc");
	int count = 0;

	for (struct dirent *e; dir && (e = readdir(dir));)
		if (e->d_name[0] >= '1' && e->d_name[0] <= '9' &&
		    cmdline_has(e->d_name, text))
			count++;
	if (dir)
		closedir(dir);
	return count;
}

bool world_all_gone(const char *text)
{
	for (int tries = 0; tries < 3000; tries++) {
		if (!world_processes(text))
			return true;
		usleep(10000);
	}
	return false;
}

/* It holds its owner file open: .../brokers/<id>. */
void world_broker_id(pid_t broker, char id[WORLD_ID])
{
	char path[64], target[300];

	id[0] = '\0';
	for (int fd = 3; fd < 64; fd++) {
		snprintf(path, sizeof(path), "/proc/%d/fd/%d", broker, fd);
		ssize_t n = readlink(path, target, sizeof(target) - 1);

		target[n > 0 ? n : 0] = '\0';
		char *at = strstr(target, "/brokers/");
		if (at)
			snprintf(id, WORLD_ID, "%.60s", at + 9);
	}
}

static int found;
static char wanted[WORLD_ID + 8];

static int look(const char *path, const struct stat *st, int type,
		struct FTW *at)
{
	found += type == FTW_D && !strcmp(path + at->base, wanted);
	return 0;
}

int world_groups(const char *id)
{
	found = 0;
	snprintf(wanted, sizeof(wanted), "coop-%s", id);
	nftw("/sys/fs/cgroup", look, 32, FTW_PHYS);
	return found;
}
