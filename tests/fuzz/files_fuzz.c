/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files of a box: init's real end serves in a thread with a root of its own,
 * the front's real end asks. Whatever paths are asked for and whatever links
 * user code has put there, nothing outside of /workspace and /tmp is opened,
 * listed, made or removed. Each line of the input is one request, a letter and
 * a path; "s NAME TARGET" is user code that makes a link.
 * fuzz-options: -max_len=1024
 */
#include "executor/broker/client_box.h"

#include "executor/base/clock.h"
#include "executor/base/fd.h"
#include "executor/base/loop.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/broker/init_files.h"
#include "tests/fuzz/fuzz.h"
#include <fcntl.h>
#include <dirent.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINES_MAX 24

static struct loop *loop;
static struct broker_box box;
static pthread_barrier_t ready;
static int inits_end, outside = -1, workspace = -1;
static struct stat secret;

/* ---- the box: a tmpfs as root of one thread ---- */

/* Of the thread that calls: its mounts and its root, nobody else's. */
static void make_root(void)
{
	struct stat here;
	int fd;

	FUZZ_CHECK(unshare(CLONE_NEWNS) == 0);
	FUZZ_CHECK(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
	FUZZ_CHECK(mount("box", fuzz_folder(), "tmpfs", MS_NOSUID, "size=8M") ==
		   0);
	FUZZ_CHECK(chroot(fuzz_folder()) == 0 && chdir("/") == 0);
	/* from here on "/tmp" must not be the machine's */
	FUZZ_CHECK(stat("/proc", &here) < 0 && stat("/usr", &here) < 0);
	FUZZ_CHECK(mkdir("/workspace", 0700) == 0 && mkdir("/tmp", 0700) == 0 &&
		   mkdir("/outside", 0700) == 0);
	fd = open("/outside/secret", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	FUZZ_CHECK(fd >= 0 && write(fd, "secret", 6) == 6);
	FUZZ_CHECK(fstat(fd, &secret) == 0 && close(fd) == 0);
	outside = open("/outside", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	workspace = open("/workspace", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	FUZZ_CHECK(outside >= 0 && workspace >= 0);
}

static void *serve(void *arg)
{
	static struct wire_packet p;

	make_root();
	pthread_barrier_wait(&ready);
	while (wire_recv(inits_end, &p, NULL) > 0)
		FUZZ_CHECK(init_files_serve(inits_end, &p) == 0);
	return NULL;
}

static void write_map(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	FUZZ_CHECK(fd >= 0 &&
		   write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

/* Who is not root becomes it in a user namespace, where there are any. */
static void become_root(void)
{
	char uids[64], gids[64];

	snprintf(uids, sizeof(uids), "0 %d 1", (int)geteuid());
	snprintf(gids, sizeof(gids), "0 %d 1", (int)getegid());
	if (unshare(CLONE_NEWUSER) < 0) {
		fprintf(stderr, "files: needs root or user namespaces\n");
		exit(0);
	}
	write_map("/proc/self/setgroups", "deny");
	write_map("/proc/self/uid_map", uids);
	write_map("/proc/self/gid_map", gids);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	pthread_t thread;
	int pair[2];

	fuzz_folder();
	if (geteuid() != 0)
		become_root();
	FUZZ_CHECK(fd_socketpair(pair, NULL) == 0);
	inits_end = pair[1];
	pthread_barrier_init(&ready, NULL, 2);
	FUZZ_CHECK(pthread_create(&thread, NULL, serve, NULL) == 0);
	pthread_barrier_wait(&ready);
	loop = loop_create(NULL);
	box = (struct broker_box){ .number = 7, .last = &box.first };
	box.device = secret.st_dev;
	box.limits.files = 1000;
	FUZZ_CHECK(client_files_begin(&box, loop, pair[0], NULL) == 0);
	return 0;
}

/* ---- the front ---- */

struct asked {
	bool done;
};

static void on_opened(void *arg, int fd, const struct err *err)
{
	struct stat st;

	((struct asked *)arg)->done = true;
	FUZZ_CHECK((fd < 0) == (err != NULL));
	if (err) {
		fuzz_check_err(err);
		return;
	}
	FUZZ_CHECK(fstat(fd, &st) == 0 && S_ISREG(st.st_mode));
	FUZZ_CHECK(st.st_dev == secret.st_dev && st.st_ino != secret.st_ino);
	close(fd);
}

static void on_entry(void *arg, const struct broker_entry *e)
{
	FUZZ_CHECK(*e->path && e->ino != secret.st_ino);
	FUZZ_CHECK(strchr("fdlpso", e->type) && e->type);
}

static void on_done(void *arg, bool truncated, const struct err *err)
{
	((struct asked *)arg)->done = true;
	if (err)
		fuzz_check_err(err);
}

static void ask(char what, const char *path)
{
	struct asked a = { false };
	struct broker_open o = {
		.path = path,
		.flags = what == 'c' ? O_RDWR | O_CREAT | O_TRUNC : O_RDONLY,
		.mode = 0600,
	};
	int rc = 0;

	if (what == 'o' || what == 'c')
		rc = broker_file_open(&box, &o, on_opened, &a, NULL);
	else if (what == 'l')
		rc = broker_file_list(&box, path, on_entry, on_done, &a, NULL);
	else if (what == 'm')
		rc = broker_file_mkdir(&box, path, on_done, &a, NULL);
	else if (what == 'r')
		rc = broker_file_remove(&box, path, on_done, &a, NULL);
	else
		return;
	FUZZ_CHECK(rc == 0 || strlen(path) > WIRE_PATH_MAX);
	if (rc == 0)
		FUZZ_CHECK(loop_until(loop, &a.done, deadline_in_ms(5000),
				      NULL) == 0);
	FUZZ_CHECK(box.control >= 0);
}

/* User code, in its own folder. */
static void make_link(char *words)
{
	char *name = str_word(&words), *target = str_word(&words);

	if (name && target && !strchr(name, '/'))
		symlinkat(target, workspace, name);
}

static void begin(void)
{
	/* what the last input has left goes by init's own hand */
	ask('m', "/workspace/d/e");
	symlinkat("/outside", workspace, "up");
	symlinkat("../outside/secret", workspace, "d/s");
	ask('c', "f");
}

static void end(void)
{
	DIR *d = fdopendir(openat(workspace, ".", O_RDONLY | O_DIRECTORY));
	struct stat st;

	for (struct dirent *e; (e = readdir(d));)
		if (!str_equal(e->d_name, ".") && !str_equal(e->d_name, ".."))
			ask('r', e->d_name);
	closedir(d);
	FUZZ_CHECK(fstatat(outside, "secret", &st, AT_SYMLINK_NOFOLLOW) == 0);
	FUZZ_CHECK(st.st_ino == secret.st_ino && st.st_size == 6);
	/* itself, "secret" and nothing new; still where it was */
	FUZZ_CHECK(fstat(outside, &st) == 0 && st.st_nlink == 2);
	FUZZ_CHECK(st.st_mtim.tv_sec == secret.st_ctim.tv_sec);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), *rest = text, *line;
	int lines = 0;

	begin();
	while (lines++ < LINES_MAX && (line = strsep(&rest, "\n")) && *line) {
		char *path = line + 1 + (line[1] == ' ');

		if (*line == 's')
			make_link(path);
		else
			ask(*line, path);
	}
	end();
	mem_free(text);
	return 0;
}
