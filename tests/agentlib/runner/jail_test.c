/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The jail's executor with real boxes: state between blocks, restart, limits,
 * cancel, the order of output. Files stand in jail_files_test.c.
 */
#include "agentlib/runner/jail.h"

#include "agentlib/fiber/engine.h"
#include "agentlib/fiber/fiber.h"
#include "agentlib/fiber/group.h"
#include "agentlib/fiber/scope.h"
#include "executor/base/buf.h"
#include "executor/base/fd.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "tests/agentlib/runner/jail_rig.h"
#include "tests/tap.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	REQUIRE(fd >= 0 && fd_write_all(fd, text, strlen(text), NULL) == 0);
	close(fd);
}

static bool named(const struct code_result *c, const char *path)
{
	for (size_t i = 0; i < c->file_count; i++)
		if (str_equal(c->files[i].path, path))
			return true;
	return false;
}

/* Entries of a folder, without . and .. */
static unsigned entries(const char *path)
{
	DIR *d = opendir(path);
	unsigned n = 0;

	REQUIRE(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n - 2;
}

static void keeps_state(void)
{
	struct jail_options o = { 0 };
	struct code_result *c;
	struct jail_rig r;

	jail_rig_start(&r);
	jail_rig_make(&r, &o);
	c = jail_rig_run(&r, "python", "open('kept', 'w').write('here')\n");
	CHECK_INT(c->exit_code, 0);
	CHECK_STR(c->status, "ok");
	CHECK_INT(c->file_count, 1);
	CHECK(named(c, "kept"));
	c = jail_rig_run(&r, "sh", "cat kept; pwd; id -u");
	CHECK_STR(c->output, "here/workspace\n1000\n");
	CHECK_INT(c->file_count, 0);
	c = jail_rig_run(&r, "python", "# filename: pkg/mod.py\nX = 41\n");
	CHECK_INT(c->exit_code, 0);
	CHECK(named(c, "pkg/mod.py"));
	c = jail_rig_run(&r, "py", "from pkg.mod import X\nprint(X + 1)\n");
	CHECK_STR(c->output, "42\n");
	c = jail_rig_run(&r, "javascript", "console.log(6 * 7)");
	CHECK_STR(c->output, "42\n");
	/* nothing of it on the host */
	CHECK_INT(entries(r.dir), 0);
	jail_rig_stop(&r);
}

static int restart_fn(void *arg, struct err *err)
{
	return code_executor_restart(arg, err);
}

static void restarts(void)
{
	struct jail_options o = { 0 };
	struct jail_rig r;

	jail_rig_start(&r);
	jail_rig_make(&r, &o);
	CHECK_INT(jail_rig_run(&r, "sh", "touch kept")->exit_code, 0);
	CHECK_INT(jail_rig_run(&r, "sh", "test -e kept")->exit_code, 0);
	CHECK(engine_run(r.engine, "restart", restart_fn, r.x, NULL) == 0);
	CHECK_INT(jail_rig_run(&r, "sh", "test -e kept")->exit_code, 1);
	jail_rig_stop(&r);
}

static void compiles(void)
{
	struct jail_options o = { 0 };
	struct code_result *c;
	struct jail_rig r;

	jail_rig_start(&r);
	jail_rig_make(&r, &o);
	c = jail_rig_run(
		&r, "cpp",
		"#include <iostream>\nint main() { std::cout << 42; }\n");
	CHECK_STR(c->output, "42");
	c = jail_rig_run(&r, "c", "int main(void) { return undefined; }\n");
	CHECK_INT(c->exit_code, 126);
	CHECK_STR(c->status, "compile_failed");
	CHECK(strstr(c->output, "undefined"));
	jail_rig_stop(&r);
}

/* How programs end, each in a block of its own. */
static void endings(void)
{
	static const struct {
		const char *language, *code, *status, *output;
		int exit_code;
	} rows[] = {
		{ "sh", "echo a; exit 3", "failed", "a\n", 3 },
		{ "python", "print('x'); import os; os.kill(os.getpid(), 11)",
		  "signaled", "x\n\nThe program was ended by signal 11.", 139 },
		{ "python", "print('begun', flush=True)\nwhile True: pass",
		  "time_limit", "begun\n\nTimeout", 124 },
		{ "sh", "echo begun; sleep 600 & sleep 600", "time_limit",
		  "begun\n\nTimeout", 124 },
		{ "cobol", "DISPLAY 'HI'.", "failed", "unknown language cobol",
		  1 },
		{ "python", "# filename: ../x.py\n", "failed",
		  "Filename is not in the workspace", 1 },
		{ "python", "", "ok", "", 0 },
	};
	struct jail_options o = { .time_ms = 3000 };
	struct jail_rig r;

	jail_rig_start(&r);
	jail_rig_make(&r, &o);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct code_result *c;

		tap_note("row %zu", i);
		c = jail_rig_run(&r, rows[i].language, rows[i].code);
		CHECK_STR(c->status, rows[i].status);
		CHECK_STR(c->output, rows[i].output);
		CHECK_INT(c->exit_code, rows[i].exit_code);
	}
	jail_rig_stop(&r);
}

static void runs_out_of_memory(void)
{
	struct jail_options o = { .limits = { .memory_bytes = 128 << 20,
					      .disk_bytes = 16 << 20 } };
	struct code_result *c;
	struct jail_rig r;

	jail_rig_start(&r);
	jail_rig_make(&r, &o);
	c = jail_rig_run(&r, "python",
			 "print('begun', flush=True)\nx = []\n"
			 "while True: x.append(bytearray(1 << 20))\n");
	CHECK_INT(c->exit_code, 137);
	CHECK_STR(c->status, "memory_limit");
	CHECK_STR(c->output, "begun\n\nThe program was ended because it needed "
			     "more memory than its limit of 128M.");
	jail_rig_stop(&r);
}

/* The timeout is wall time and each block's own: neither several busy cpus nor
 * the blocks before use it up. */
static void counts_wall_time(void)
{
	struct jail_options o = { .time_ms = 4000 };
	struct jail_rig r;

	jail_rig_start(&r);
	jail_rig_make(&r, &o);
	for (int i = 0; i < 2; i++)
		CHECK_STR(jail_rig_run(&r, "python",
				       "import os, time\n"
				       "end = time.monotonic() + 2.6\n"
				       "for i in range(3): os.fork()\n"
				       "while time.monotonic() < end: pass\n")
				  ->status,
			  "ok");
	jail_rig_stop(&r);
}

static void stops_at_failure(void)
{
	struct jail_options o = { 0 };
	struct jail_rig_job j = { .count = 3 };
	struct jail_rig r;

	jail_rig_start(&r);
	jail_rig_make(&r, &o);
	j.blocks[0] = (struct code_block){ (char *)"echo one", (char *)"sh" };
	j.blocks[1] = (struct code_block){ (char *)"echo two; exit 5",
					   (char *)"sh" };
	j.blocks[2] = (struct code_block){ (char *)"echo three", (char *)"sh" };
	CHECK(jail_rig_run_job(&r, &j) == 0);
	CHECK_INT(j.result.exit_code, 5);
	CHECK_STR(j.result.output, "one\ntwo\n");
	code_result_finish(&j.result);
	j.count = 0;
	CHECK(jail_rig_run_job(&r, &j) == 0);
	CHECK_INT(j.result.exit_code, 0);
	CHECK_STR(j.result.output, "");
	code_result_finish(&j.result);
	jail_rig_stop(&r);
}

/* Both outputs in the order written, and what is not UTF-8 made visible. */
static void keeps_order(void)
{
	struct jail_options o = { 0 };
	struct buf want;
	struct jail_rig r;

	jail_rig_start(&r);
	jail_rig_make(&r, &o);
	buf_init(&want, 65536);
	for (int i = 0; i < 200; i++)
		buf_printf(&want, "out %d\nerr %d\n", i, i);
	CHECK_STR(jail_rig_run(&r, "sh",
			       "i=0; while [ $i -lt 200 ]; do echo out $i; "
			       "echo err $i >&2; i=$((i+1)); done")
			  ->output,
		  want.data);
	buf_finish(&want);
	CHECK_STR(jail_rig_run(&r, "sh", "printf 'a\\377b\\303\\251'")->output,
		  "a\xef\xbf\xbd"
		  "b\xc3\xa9");
	jail_rig_stop(&r);
}

static int take_output(void *arg, const char *data, size_t len, struct err *err)
{
	return buf_add(arg, data, len);
}

static int refuse_output(void *arg, const char *data, size_t len,
			 struct err *err)
{
	return err_set(err, ERR_CONFLICT, "enough");
}

static void passes_output_on(void)
{
	struct jail_options o = { 0 };
	struct jail_rig_job j = { .count = 1 };
	struct buf seen;
	struct jail_rig r;

	jail_rig_start(&r);
	jail_rig_make(&r, &o);
	buf_init(&seen, 65536);
	j.blocks[0] = (struct code_block){
		(char *)"printf 'one \\303'; sleep 0.2; printf '\\251 two'",
		(char *)"sh"
	};
	j.output = take_output;
	j.arg = &seen;
	CHECK(jail_rig_run_job(&r, &j) == 0);
	CHECK_STR(seen.data, "one \xc3\xa9 two");
	CHECK_STR(j.result.output, seen.data);
	code_result_finish(&j.result);
	buf_finish(&seen);
	/* who looks on may end it; the program dies */
	j.blocks[0].code = (char *)"echo x; sleep 600";
	j.output = refuse_output;
	CHECK_INT(jail_rig_run_job(&r, &j), -ERR_CONFLICT);
	CHECK_STR(jail_rig_run(&r, "sh", "echo alive")->output, "alive\n");
	jail_rig_stop(&r);
}

struct cancelled {
	struct jail_rig *rig;
	struct jail_rig_job job;
	int rc;
	struct wait begun;
};

static int on_begun(void *arg, const char *data, size_t len, struct err *err)
{
	struct cancelled *c = arg;

	wait_wake(&c->begun);
	return 0;
}

static void cancelled_fiber(void *arg)
{
	struct cancelled *c = arg;

	c->rc = jail_rig_job(&c->job, &c->job.err);
}

static int cancel_it(void *arg, struct err *err)
{
	struct cancelled *c = arg;
	struct group *g = group_create(c->rig->engine, NULL);

	REQUIRE(fiber_spawn(g, "victim", cancelled_fiber, c, err) == 0);
	REQUIRE(fiber_wait(&c->begun, DEADLINE_NEVER, err) == 0);
	scope_cancel(group_scope(g), "no more");
	group_wait(g, NULL);
	group_destroy(g);
	return 0;
}

static bool sleeping(const char *seconds)
{
	char *argv[] = { (char *)"pgrep", (char *)"-f", (char *)seconds, NULL };
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDOUT_FILENO);
		execvp(argv[0], argv);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Cancel in the middle: no process is left when the call returns, and the box
 * takes the next block. */
static void cancels(void)
{
	struct jail_options o = { .time_ms = 600000 };
	struct cancelled c = { 0 };
	struct jail_rig r;
	char code[128], mark[32];

	jail_rig_start(&r);
	jail_rig_make(&r, &o);
	/* a number of seconds that only this test sleeps */
	snprintf(mark, sizeof(mark), "sleep 7%07d", (int)getpid());
	snprintf(code, sizeof(code), "%s & echo begun; %s", mark, mark);
	c.rig = &r;
	c.job = (struct jail_rig_job){
		.x = r.x, .count = 1, .output = on_begun, .arg = &c
	};
	c.job.blocks[0] = (struct code_block){ code, (char *)"sh" };
	wait_init(&c.begun, "the program's first line");
	CHECK(engine_run(r.engine, "cancel", cancel_it, &c, NULL) == 0);
	CHECK_INT(c.rc, -ERR_CANCELLED);
	CHECK_STR(c.job.err.text, "no more");
	CHECK(!sleeping(mark));
	CHECK_STR(jail_rig_run(&r, "sh", "echo next")->output, "next\n");
	jail_rig_stop(&r);
}

static int start_fn(void *arg, struct err *err)
{
	return code_executor_start(arg, err);
}

/* Errors before anything runs. */
static void refuses_early(void)
{
	static const char *const missing[] = { "none.txt", NULL };
	static const struct {
		struct jail_options o;
		int code;
		const char *text;
	} rows[] = {
		{ { .profile = "nosuch" }, ERR_UNKNOWN, "nosuch" },
		{ { .limits = { .memory_bytes = 1ULL << 50 } },
		  ERR_INVALID,
		  "memory" },
		{ { .files = missing }, ERR_SYSTEM, "none.txt" },
		{ { .work_dir = "big", .limits = { .disk_bytes = 1 << 20 } },
		  ERR_TOO_LARGE,
		  "disk limit of 1M" },
		{ { .collect = "file" }, ERR_SYSTEM, "file" },
	};
	struct jail_rig r;

	jail_rig_start(&r);
	REQUIRE(mkdir("big", 0755) == 0);
	put("file", "x");
	put("big/a", "");
	REQUIRE(truncate("big/a", 2 << 20) == 0);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct err err = { 0 };

		tap_note("row %zu", i);
		jail_rig_make(&r, &rows[i].o);
		CHECK_INT(engine_run(r.engine, "start", start_fn, r.x, &err),
			  -rows[i].code);
		CHECK(strstr(err.text, rows[i].text));
		code_executor_unref(r.x);
	}
	jail_rig_make(&r, &(struct jail_options){ 0 });
	jail_rig_stop(&r);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(keeps_state),        TEST(restarts),
		TEST(compiles),           TEST(endings),
		TEST(runs_out_of_memory), TEST(counts_wall_time),
		TEST(stops_at_failure),   TEST(keeps_order),
		TEST(passes_output_on),   TEST(cancels),
		TEST(refuses_early),      { 0 },
	};

	return tap_main(tests, argc, argv);
}
