/* SPDX-License-Identifier: Apache-2.0 */
/* Files of a box through its init, beside user code that wants it to fail. */
#include "executor/base/fd.h"
#include "executor/base/loop.h"
#include "tests/executor/broker/jail_world.h"
#include "tests/tap.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct got {
	bool done, truncated;
	int fd;
	struct err err;
	unsigned entries;
	char last[256];
	char types[64];
};

static void on_file(void *arg, int fd, const struct err *err)
{
	struct got *g = arg;

	g->fd = fd;
	g->done = true;
	if (err)
		g->err = *err;
}

static void on_entry(void *arg, const struct broker_entry *e)
{
	struct got *g = arg;

	if (g->entries < sizeof(g->types) - 1)
		g->types[g->entries] = e->type;
	g->entries++;
	snprintf(g->last, sizeof(g->last), "%.200s", e->path);
}

static void on_done(void *arg, bool truncated, const struct err *err)
{
	struct got *g = arg;

	g->truncated = truncated;
	g->done = true;
	if (err)
		g->err = *err;
}

static struct got open_at(struct world *w, const char *path, int flags)
{
	struct got g = { .fd = -1 };

	const struct broker_open o = { path, flags, 0644 };

	if (broker_file_open(w->box, &o, on_file, &g, &g.err))
		return g;
	CHECK(world_until(w, &g.done));
	return g;
}

static struct got list(struct world *w, const char *dir)
{
	struct got g = { .fd = -1 };

	if (broker_file_list(w->box, dir, on_entry, on_done, &g, &g.err))
		return g;
	CHECK(world_until(w, &g.done));
	return g;
}

typedef int path_fn(struct broker_box *x, const char *path,
		    broker_done_fn *done, void *arg, struct err *err);

static enum err_code act(struct world *w, path_fn *fn, const char *path)
{
	struct got g = { .fd = -1 };

	if (fn(w->box, path, on_done, &g, &g.err))
		return g.err.code;
	CHECK(world_until(w, &g.done));
	return g.err.code;
}

static void in_and_out(void)
{
	struct world w;
	char text[32] = "";

	REQUIRE(world_open(&w, NULL, NULL));
	struct got g = open_at(&w, "in.txt", O_WRONLY | O_CREAT | O_EXCL);
	REQUIRE(g.fd >= 0);
	CHECK(write(g.fd, "hello\n", 6) == 6);
	fd_close(&g.fd);
	CHECK(world_sh(&w, "stat -c '%U %a' in.txt; tr a-z A-Z < in.txt > o"));
	CHECK_STR(w.out.data, "user 644\n");
	g = open_at(&w, "o", O_RDONLY);
	REQUIRE(g.fd >= 0);
	CHECK(read(g.fd, text, sizeof(text)) == 6);
	CHECK_STR(text, "HELLO\n");
	fd_close(&g.fd);
	/* exists already */
	g = open_at(&w, "o", O_WRONLY | O_CREAT | O_EXCL);
	CHECK_INT(g.fd, -1);
	CHECK_INT(g.err.code, ERR_CONFLICT);
	/* /tmp by an absolute path, /workspace too */
	CHECK(world_sh(&w, "echo t > /tmp/t"));
	g = open_at(&w, "/tmp/t", O_RDONLY);
	CHECK(g.fd >= 0);
	fd_close(&g.fd);
	g = open_at(&w, "/workspace/o", O_RDONLY);
	CHECK(g.fd >= 0);
	fd_close(&g.fd);
	world_close(&w);
}

static void hostile_paths(void)
{
	static const struct {
		const char *path;
		enum err_code code;
	} rows[] = {
		{ "missing", ERR_NOT_FOUND },
		{ "..", ERR_FORBIDDEN },
		{ "../etc/passwd", ERR_FORBIDDEN },
		{ "a/../../etc/passwd", ERR_FORBIDDEN },
		{ "/etc/passwd", ERR_FORBIDDEN },
		{ "/workspacex/o", ERR_FORBIDDEN },
		{ "/", ERR_FORBIDDEN },
		{ "", ERR_CONFLICT },
		{ "a", ERR_CONFLICT },
		{ "link", ERR_FORBIDDEN },
		{ "dirlink/passwd", ERR_FORBIDDEN },
		{ "a/inside", ERR_FORBIDDEN },
		{ "fifo", ERR_FORBIDDEN },
		{ "socket", ERR_FORBIDDEN },
		{ "proc/self/environ", ERR_NOT_FOUND },
		{ "magic/environ", ERR_FORBIDDEN },
		{ "fdlink", ERR_FORBIDDEN },
	};
	struct world w;

	REQUIRE(world_open(&w, NULL, NULL));
	CHECK(world_sh(&w, "mkdir a; ln -s /etc/passwd link; ln -s /etc "
			   "dirlink; ln -s /proc/self magic; mkfifo fifo; "
			   "echo x > o; ln -s ../o a/inside; "
			   "ln -s /proc/self/fd/0 fdlink; exec python3 -c '"
			   "import socket; socket.socket(socket.AF_UNIX)"
			   ".bind(\"socket\")'"));
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct got g = open_at(&w, rows[i].path, O_RDONLY);

		if (g.fd >= 0 || g.err.code != rows[i].code)
			tap_note("%s", rows[i].path);
		CHECK_INT(g.fd, -1);
		CHECK_INT(g.err.code, rows[i].code);
		fd_close(&g.fd);
	}
	/* opening for writing makes nothing outside, and waits for nobody */
	CHECK_INT(open_at(&w, "fifo", O_WRONLY).fd, -1);
	CHECK_INT(open_at(&w, "../x", O_WRONLY | O_CREAT).fd, -1);
	CHECK_INT(open_at(&w, "dirlink/x", O_WRONLY | O_CREAT).fd, -1);
	world_close(&w);
}

static void names_of_any_bytes(void)
{
	char deep[3400];
	struct world w;
	struct got g;

	REQUIRE(world_open(&w, NULL, NULL));
	g = open_at(&w, "a\nb\x01\xff\"'", O_WRONLY | O_CREAT);
	CHECK(g.fd >= 0);
	fd_close(&g.fd);
	g = list(&w, "");
	CHECK_INT(g.entries, 1);
	CHECK_STR(g.last, "a\nb\x01\xff\"'");
	memset(deep, 'x', sizeof(deep));
	deep[300] = '\0';
	CHECK_INT(open_at(&w, deep, O_WRONLY | O_CREAT).err.code,
		  ERR_TOO_LARGE);
	deep[300] = 'x';
	deep[sizeof(deep) - 1] = '\0';
	CHECK_INT(open_at(&w, deep, O_RDONLY).err.code, ERR_TOO_LARGE);
	world_close(&w);
}

static void lists(void)
{
	struct world w;
	struct got g;

	REQUIRE(world_open(&w, NULL, NULL));
	g = list(&w, "");
	CHECK_INT(g.entries, 0);
	CHECK_INT(g.err.code, ERR_NONE);
	CHECK(world_sh(&w, "mkdir -p a/b/c; echo x > a/b/c/f; ln -s / l; "
			   "mkfifo p; ls -i a/b/c/f | cut -d' ' -f1"));
	g = list(&w, "");
	CHECK_INT(g.entries, 6);
	CHECK_INT(strlen(g.types), 6);
	CHECK(strchr(g.types, 'l') && strchr(g.types, 'p'));
	g = list(&w, "a/b/c");
	CHECK_INT(g.entries, 1);
	CHECK_STR(g.last, "a/b/c/f");
	CHECK_STR(g.types, "f");
	CHECK_INT(list(&w, "nothing").err.code, ERR_NOT_FOUND);
	CHECK_INT(list(&w, "l").err.code, ERR_NOT_FOUND);
	CHECK_INT(list(&w, "..").err.code, ERR_FORBIDDEN);
	world_close(&w);
}

static void deep_trees_are_bounded(void)
{
	struct world w;
	struct got g;

	REQUIRE(world_open(&w, NULL, NULL));
	CHECK(world_sh(&w, "for i in $(seq 400); do mkdir d; cd d; done; "
			   "echo deep"));
	g = list(&w, "");
	CHECK(g.truncated);
	CHECK_INT(g.err.code, ERR_NONE);
	CHECK(g.entries >= 99 && g.entries <= 101);
	/* and init is well */
	CHECK(open_at(&w, "x", O_WRONLY | O_CREAT).fd >= 0);
	world_close(&w);
}

static void folders_and_removal(void)
{
	struct world w;

	REQUIRE(world_open(&w, NULL, NULL));
	CHECK_INT(act(&w, broker_file_mkdir, "a/b/c"), ERR_NONE);
	CHECK_INT(act(&w, broker_file_mkdir, "a/b/c"), ERR_NONE);
	CHECK_INT(act(&w, broker_file_mkdir, "a/../../x"), ERR_FORBIDDEN);
	CHECK(world_sh(&w, "echo x > a/b/c/f; ln -s /etc a/link; "
			   "ln -s /tmp out; echo keep > /tmp/keep; "
			   "mkdir -p n/{1,2,3}/{1,2,3}; touch n/{1,2,3}/f"));
	CHECK_INT(act(&w, broker_file_mkdir, "out/x"), ERR_NOT_FOUND);
	CHECK_INT(act(&w, broker_file_remove, "a"), ERR_NONE);
	CHECK_INT(act(&w, broker_file_remove, "n"), ERR_NONE);
	/* the link, not what it names */
	CHECK_INT(act(&w, broker_file_remove, "out"), ERR_NONE);
	CHECK_INT(act(&w, broker_file_remove, "missing"), ERR_NOT_FOUND);
	CHECK(act(&w, broker_file_remove, "") != ERR_NONE);
	CHECK(act(&w, broker_file_remove, "..") != ERR_NONE);
	CHECK(world_sh(&w, "ls -A; cat /tmp/keep"));
	CHECK_STR(w.out.data, "keep\n");
	world_close(&w);
}

static void files_while_a_program_swaps_them(void)
{
	static const char *const argv[] = { "bash", "-c",
					    "while :; do mv d e; ln -s /etc d; "
					    "rm d; mv e d; done 2>/dev/null",
					    NULL };
	struct world w;
	char text[16];

	REQUIRE(world_open(&w, NULL, NULL));
	CHECK(world_sh(&w, "mkdir d; echo x > d/passwd"));
	REQUIRE(world_start(&w, argv));
	for (int i = 0; i < 500; i++) {
		struct got g = open_at(&w, "d/passwd", O_RDONLY);

		if (g.fd >= 0) {
			CHECK(read(g.fd, text, sizeof(text)) == 2);
			CHECK(text[0] == 'x');
		}
		fd_close(&g.fd);
	}
	broker_box_kill(w.box, REASON_CANCELLED, NULL);
	CHECK(world_wait(&w));
	world_close(&w);
}

static void full_box_still_answers(void)
{
	const struct limits limits = { .disk_bytes = 4 << 20, .files = 50 };
	struct world w;

	REQUIRE(world_open(&w, NULL, &limits));
	CHECK(world_sh(&w, "head -c 8M /dev/zero > full; for i in $(seq 100); "
			   "do : > $i; done; true"));
	CHECK_INT(open_at(&w, "new", O_WRONLY | O_CREAT).err.code,
		  ERR_TOO_LARGE);
	struct got g = open_at(&w, "full", O_RDONLY);
	CHECK(g.fd >= 0);
	fd_close(&g.fd);
	CHECK_INT(act(&w, broker_file_remove, "full"), ERR_NONE);
	world_close(&w);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(in_and_out),
		TEST(hostile_paths),
		TEST(names_of_any_bytes),
		TEST(lists),
		TEST(deep_trees_are_bounded),
		TEST(folders_and_removal),
		TEST(files_while_a_program_swaps_them),
		TEST(full_box_still_answers),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
