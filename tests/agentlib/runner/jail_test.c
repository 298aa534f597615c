/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The jail's executor with real boxes: state between blocks, restart, limits,
 * cancel, files both ways, hostile names, the order of output.
 */
#include "agentlib/runner/jail.h"

#include "agentlib/fiber/engine.h"
#include "agentlib/fiber/fiber.h"
#include "agentlib/fiber/group.h"
#include "agentlib/fiber/scope.h"
#include "agentlib/runner/jail_exec.h"
#include "executor/base/buf.h"
#include "executor/base/fd.h"
#include "executor/base/loop.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "tests/tap.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- an engine, an executor, a folder ---- */

struct rig {
	struct engine *engine;
	struct code_executor *x;
	char dir[64]; /* an empty folder to work in */
};

static void rig_start(struct rig *r)
{
	setenv("COOP_LIBEXEC", tap_build("libexec/coop"), 1);
	setenv("COOP_SHARE", tap_build("share/coop"), 1);
	memset(r, 0, sizeof(*r));
	r->engine = engine_create(NULL, NULL);
	REQUIRE(r->engine);
	snprintf(r->dir, sizeof(r->dir), "/tmp/coop-jail-XXXXXX");
	REQUIRE(mkdtemp(r->dir) && chdir(r->dir) == 0);
}

static void rig_jail(struct rig *r, const struct jail_options *o)
{
	r->x = jail_create(r->engine, o, NULL, NULL);
}

static int stop_fn(void *arg, struct err *err)
{
	return code_executor_stop(arg, err);
}

static void rig_stop(struct rig *r)
{
	pid_t pid;

	CHECK(engine_run(r->engine, "stop", stop_fn, r->x, NULL) == 0);
	code_executor_unref(r->x);
	engine_destroy(r->engine);
	REQUIRE(chdir("/") == 0);
	pid = fork();
	if (pid == 0) {
		execlp("rm", "rm", "-rf", "--", r->dir, (char *)NULL);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
}

struct job {
	struct code_executor *x;
	struct code_block blocks[4];
	size_t count;
	struct code_result result;
	struct err err;
	code_output_fn *output;
	void *arg;
};

static int run_fn(void *arg, struct err *err)
{
	struct job *j = arg;
	struct code_run run = { .blocks = j->blocks,
				.count = j->count,
				.output = j->output,
				.arg = j->arg };

	return code_executor_execute(j->x, &run, &j->result, err);
}

static int run_job(struct rig *r, struct job *j)
{
	j->x = r->x;
	return engine_run(r->engine, "job", run_fn, j, &j->err);
}

/* One block; the result is valid until the next. */
static struct code_result *run(struct rig *r, const char *language,
			       const char *code)
{
	static struct job j;
	int rc;

	code_result_finish(&j.result);
	j = (struct job){ .count = 1 };
	j.blocks[0] = (struct code_block){ (char *)code, (char *)language };
	rc = run_job(r, &j);
	if (rc < 0)
		tap_note("%s: %s", j.err.field, j.err.text);
	REQUIRE(rc == 0);
	return &j.result;
}

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	REQUIRE(fd >= 0 && fd_write_all(fd, text, strlen(text), NULL) == 0);
	close(fd);
}

static bool has(const char *path, const char *text)
{
	struct buf b;
	bool same;

	buf_init(&b, 1024 * 1024);
	same = fd_slurp_path(AT_FDCWD, path, &b, NULL) == 0 &&
	       str_equal(b.data, text);
	buf_finish(&b);
	return same;
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

/* ---- tests ---- */

static void keeps_state(void)
{
	struct jail_options o = { 0 };
	struct code_result *c;
	struct rig r;

	rig_start(&r);
	rig_jail(&r, &o);
	c = run(&r, "python", "open('kept', 'w').write('here')\n");
	CHECK_INT(c->exit_code, 0);
	CHECK_STR(c->status, "ok");
	CHECK_INT(c->file_count, 1);
	CHECK(named(c, "kept"));
	c = run(&r, "sh", "cat kept; pwd; id -u");
	CHECK_STR(c->output, "here/workspace\n1000\n");
	CHECK_INT(c->file_count, 0);
	c = run(&r, "python", "# filename: pkg/mod.py\nX = 41\n");
	CHECK_INT(c->exit_code, 0);
	CHECK(named(c, "pkg/mod.py"));
	c = run(&r, "py", "from pkg.mod import X\nprint(X + 1)\n");
	CHECK_STR(c->output, "42\n");
	c = run(&r, "javascript", "console.log(6 * 7)");
	CHECK_STR(c->output, "42\n");
	/* nothing of it on the host */
	CHECK_INT(entries(r.dir), 0);
	rig_stop(&r);
}

static int restart_fn(void *arg, struct err *err)
{
	return code_executor_restart(arg, err);
}

static void restarts(void)
{
	struct jail_options o = { 0 };
	struct rig r;

	rig_start(&r);
	rig_jail(&r, &o);
	CHECK_INT(run(&r, "sh", "touch kept")->exit_code, 0);
	CHECK_INT(run(&r, "sh", "test -e kept")->exit_code, 0);
	CHECK(engine_run(r.engine, "restart", restart_fn, r.x, NULL) == 0);
	CHECK_INT(run(&r, "sh", "test -e kept")->exit_code, 1);
	rig_stop(&r);
}

static void compiles(void)
{
	struct jail_options o = { 0 };
	struct code_result *c;
	struct rig r;

	rig_start(&r);
	rig_jail(&r, &o);
	c = run(&r, "cpp",
		"#include <iostream>\nint main() { std::cout << 42; }\n");
	CHECK_STR(c->output, "42");
	c = run(&r, "c", "int main(void) { return undefined; }\n");
	CHECK_INT(c->exit_code, 126);
	CHECK_STR(c->status, "compile_failed");
	CHECK(strstr(c->output, "undefined"));
	rig_stop(&r);
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
	struct jail_options o = { .time_ms = 2000 };
	struct rig r;

	rig_start(&r);
	rig_jail(&r, &o);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct code_result *c;

		tap_note("row %zu", i);
		c = run(&r, rows[i].language, rows[i].code);
		CHECK_STR(c->status, rows[i].status);
		CHECK_STR(c->output, rows[i].output);
		CHECK_INT(c->exit_code, rows[i].exit_code);
	}
	rig_stop(&r);
}

static void runs_out_of_memory(void)
{
	struct jail_options o = { .limits = { .memory_bytes = 128 << 20,
					      .disk_bytes = 16 << 20 } };
	struct code_result *c;
	struct rig r;

	rig_start(&r);
	rig_jail(&r, &o);
	c = run(&r, "python",
		"print('begun', flush=True)\nx = []\n"
		"while True: x.append(bytearray(1 << 20))\n");
	CHECK_INT(c->exit_code, 137);
	CHECK_STR(c->status, "memory_limit");
	CHECK_STR(c->output, "begun\n\nThe program was ended because it needed "
			     "more memory than its limit of 128M.");
	rig_stop(&r);
}

static void stops_at_failure(void)
{
	struct jail_options o = { 0 };
	struct job j = { .count = 3 };
	struct rig r;

	rig_start(&r);
	rig_jail(&r, &o);
	j.blocks[0] = (struct code_block){ (char *)"echo one", (char *)"sh" };
	j.blocks[1] = (struct code_block){ (char *)"echo two; exit 5",
					   (char *)"sh" };
	j.blocks[2] = (struct code_block){ (char *)"echo three", (char *)"sh" };
	CHECK(run_job(&r, &j) == 0);
	CHECK_INT(j.result.exit_code, 5);
	CHECK_STR(j.result.output, "one\ntwo\n");
	code_result_finish(&j.result);
	j.count = 0;
	CHECK(run_job(&r, &j) == 0);
	CHECK_INT(j.result.exit_code, 0);
	CHECK_STR(j.result.output, "");
	code_result_finish(&j.result);
	rig_stop(&r);
}

/* Both outputs in the order written, and what is not UTF-8 made visible. */
static void keeps_order(void)
{
	struct jail_options o = { 0 };
	struct buf want;
	struct rig r;

	rig_start(&r);
	rig_jail(&r, &o);
	buf_init(&want, 65536);
	for (int i = 0; i < 200; i++)
		buf_printf(&want, "out %d\nerr %d\n", i, i);
	CHECK_STR(run(&r, "sh",
		      "i=0; while [ $i -lt 200 ]; do echo out $i; "
		      "echo err $i >&2; i=$((i+1)); done")
			  ->output,
		  want.data);
	buf_finish(&want);
	CHECK_STR(run(&r, "sh", "printf 'a\\377b\\303\\251'")->output,
		  "a\xef\xbf\xbd"
		  "b\xc3\xa9");
	rig_stop(&r);
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
	struct job j = { .count = 1 };
	struct buf seen;
	struct rig r;

	rig_start(&r);
	rig_jail(&r, &o);
	buf_init(&seen, 65536);
	j.blocks[0] = (struct code_block){
		(char *)"printf 'one \\303'; sleep 0.2; printf '\\251 two'",
		(char *)"sh"
	};
	j.output = take_output;
	j.arg = &seen;
	CHECK(run_job(&r, &j) == 0);
	CHECK_STR(seen.data, "one \xc3\xa9 two");
	CHECK_STR(j.result.output, seen.data);
	code_result_finish(&j.result);
	buf_finish(&seen);
	/* who looks on may end it; the program dies */
	j.blocks[0].code = (char *)"echo x; sleep 600";
	j.output = refuse_output;
	CHECK_INT(run_job(&r, &j), -ERR_CONFLICT);
	CHECK_STR(run(&r, "sh", "echo alive")->output, "alive\n");
	rig_stop(&r);
}

struct cancelled {
	struct rig *rig;
	struct job job;
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

	c->rc = run_fn(&c->job, &c->job.err);
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
	struct rig r;
	char code[128], mark[32];

	rig_start(&r);
	rig_jail(&r, &o);
	/* a number of seconds that only this test sleeps */
	snprintf(mark, sizeof(mark), "sleep 7%07d", (int)getpid());
	snprintf(code, sizeof(code), "%s & echo begun; %s", mark, mark);
	c.rig = &r;
	c.job = (struct job){
		.x = r.x, .count = 1, .output = on_begun, .arg = &c
	};
	c.job.blocks[0] = (struct code_block){ code, (char *)"sh" };
	wait_init(&c.begun, "the program's first line");
	CHECK(engine_run(r.engine, "cancel", cancel_it, &c, NULL) == 0);
	CHECK_INT(c.rc, -ERR_CANCELLED);
	CHECK_STR(c.job.err.text, "no more");
	CHECK(!sleeping(mark));
	CHECK_STR(run(&r, "sh", "echo next")->output, "next\n");
	rig_stop(&r);
}

static void files_go_in_and_out(void)
{
	static const char *const files[] = { "extra.txt:in/extra.txt", NULL };
	struct jail_options o = { .work_dir = "work", .files = files };
	struct code_result *c;
	struct rig r;
	struct stat st;

	rig_start(&r);
	REQUIRE(mkdir("work", 0755) == 0 && mkdir("work/sub", 0755) == 0);
	put("work/data.txt", "old");
	put("work/sub/more.txt", "more");
	put("extra.txt", "extra");
	REQUIRE(symlink("/etc/passwd", "work/link") == 0);
	rig_jail(&r, &o);
	c = run(&r, "sh",
		"cat data.txt sub/more.txt in/extra.txt; ls | grep -v tmp_");
	CHECK_STR(c->output, "oldmoreextradata.txt\nin\nsub\n");
	CHECK_INT(c->file_count, 0);
	c = run(&r, "sh",
		"printf new >data.txt; mkdir -p a/b; printf deep >a/b/c; "
		"chmod 4777 a/b/c; exit 1");
	CHECK_INT(c->exit_code, 1);
	CHECK_INT(c->file_count, 2);
	CHECK(named(c, "data.txt") && named(c, "a/b/c"));
	CHECK(has("work/data.txt", "new"));
	CHECK(has("work/a/b/c", "deep"));
	CHECK(stat("work/a/b/c", &st) == 0 && (st.st_mode & 07777) == 0755);
	c = run(&r, "python", "# filename: tool.py\nprint(1)\n");
	CHECK(has("work/tool.py", "# filename: tool.py\nprint(1)\n"));
	CHECK(named(c, "tool.py"));
	/* what was not touched did not come back */
	CHECK(access("work/in", F_OK) < 0);
	rig_stop(&r);
}

static void collects_elsewhere(void)
{
	struct jail_options o = { .work_dir = "work", .collect = "out" };
	struct rig r;

	rig_start(&r);
	REQUIRE(mkdir("work", 0755) == 0);
	put("work/a", "a");
	rig_jail(&r, &o);
	CHECK_INT(run(&r, "sh", "cp a b; printf changed >a")->exit_code, 0);
	CHECK(has("out/b", "a") && has("out/a", "changed"));
	CHECK(has("work/a", "a"));
	CHECK_INT(entries("work"), 1);
	rig_stop(&r);
}

/* Names and links that a program makes: nothing leaves the folder, links are
 * neither copied nor followed, what is odd costs the run nothing. */
static void hostile_files(void)
{
	struct jail_options o = { .collect = "out" };
	struct code_result *c;
	struct rig r;

	rig_start(&r);
	REQUIRE(mkdir("out", 0755) == 0 && mkdir("outside", 0755) == 0);
	put("outside/victim", "safe");
	REQUIRE(symlink("../outside", "out/trap") == 0);
	REQUIRE(symlink("../outside/victim", "out/victim") == 0);
	rig_jail(&r, &o);
	c = run(&r, "python",
		"import os\n"
		"os.symlink('/etc/passwd', 'passwd')\n"
		"os.symlink('/proc/1/environ', 'environ')\n"
		"os.mkfifo('fifo')\n"
		"os.mkdir('trap'); open('trap/victim', 'w').write('evil')\n"
		"open('victim', 'w').write('evil')\n"
		"open('new\\nline', 'w').write('n')\n"
		"open('\\x1b[31mred', 'w').write('n')\n"
		"open(b'bad\\xff', 'w').write('n')\n"
		"open('...', 'w').write('dots')\n"
		"open('-rf', 'w').write('dash')\n"
		"open('n' * 255, 'w').write('long')\n"
		"open('good', 'w').write('good')\n");
	CHECK_INT(c->exit_code, 0);
	CHECK(has("outside/victim", "safe"));
	CHECK_INT(entries("outside"), 1);
	CHECK(has("out/good", "good") && has("out/-rf", "dash"));
	CHECK(has("out/...", "dots"));
	CHECK(access("out/passwd", F_OK) < 0);
	CHECK(access("out/environ", F_OK) < 0);
	CHECK(access("out/fifo", F_OK) < 0);
	CHECK(strstr(c->output, "[coop: not copied: trap/victim"));
	CHECK_INT(entries(r.dir), 2);
	CHECK_STR(run(&r, "sh", "echo alive")->output, "alive\n");
	rig_stop(&r);
}

/* A file that is large only in name does not fill the host's disk. */
static void sparse_files(void)
{
	struct jail_options o = { .collect = "out" };
	struct code_result *c;
	struct rig r;

	rig_start(&r);
	rig_jail(&r, &o);
	c = run(&r, "python",
		"import os\n"
		"for i in range(40):\n"
		"    f = open(f'f{i}', 'wb')\n"
		"    try: f.truncate(32 << 20)\n"
		"    except OSError: pass\n"
		"    f.close()\n");
	CHECK_INT(c->exit_code, 0);
	CHECK(strstr(c->output, "exceed the disk limit"));
	CHECK(entries("out") < 40);
	rig_stop(&r);
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
	struct rig r;

	rig_start(&r);
	REQUIRE(mkdir("big", 0755) == 0);
	put("file", "x");
	put("big/a", "");
	REQUIRE(truncate("big/a", 2 << 20) == 0);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct err err = { 0 };

		tap_note("row %zu", i);
		rig_jail(&r, &rows[i].o);
		CHECK_INT(engine_run(r.engine, "start", start_fn, r.x, &err),
			  -rows[i].code);
		CHECK(strstr(err.text, rows[i].text));
		code_executor_unref(r.x);
	}
	rig_jail(&r, &(struct jail_options){ 0 });
	rig_stop(&r);
}

/* A thousand files come home although a process may have fewer open. */
static void many_files(void)
{
	struct jail_options o = { .collect = "out" };
	struct code_result *c;
	struct rig r;

	rig_start(&r);
	rig_jail(&r, &o);
	c = run(&r, "python",
		"for i in range(2000): open(f'f{i}', 'w').write(str(i))\n");
	CHECK_INT(c->exit_code, 0);
	CHECK_STR(c->output, "");
	CHECK_INT(c->file_count, 2000);
	CHECK_INT(entries("out"), 2000);
	CHECK(has("out/f1999", "1999"));
	rig_stop(&r);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = { TEST(keeps_state),
						 TEST(restarts),
						 TEST(compiles),
						 TEST(endings),
						 TEST(runs_out_of_memory),
						 TEST(stops_at_failure),
						 TEST(keeps_order),
						 TEST(passes_output_on),
						 TEST(cancels),
						 TEST(files_go_in_and_out),
						 TEST(collects_elsewhere),
						 TEST(hostile_files),
						 TEST(sparse_files),
						 TEST(refuses_early),
						 TEST(many_files),
						 { 0 } };

	return tap_main(tests, argc, argv);
}
