/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files of the host into a real box and out of it, as the executor moves them:
 * where they go, what stays behind, what programs do to abuse it.
 */
#include "agentlib/runner/jail.h"

#include "executor/base/buf.h"
#include "executor/base/fd.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "tests/agentlib/runner/jail_rig.h"
#include "tests/tap.h"
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

static void files_go_in_and_out(void)
{
	static const char *const files[] = { "extra.txt:in/extra.txt", NULL };
	struct jail_options o = { .work_dir = "work", .files = files };
	struct code_result *c;
	struct jail_rig r;
	struct stat st;

	jail_rig_start(&r);
	REQUIRE(mkdir("work", 0755) == 0 && mkdir("work/sub", 0755) == 0);
	put("work/data.txt", "old");
	put("work/sub/more.txt", "more");
	put("extra.txt", "extra");
	REQUIRE(symlink("/etc/passwd", "work/link") == 0);
	jail_rig_make(&r, &o);
	c = jail_rig_run(
		&r, "sh",
		"cat data.txt sub/more.txt in/extra.txt; ls | grep -v tmp_");
	CHECK_STR(c->output, "oldmoreextradata.txt\nin\nsub\n");
	CHECK_INT(c->file_count, 0);
	c = jail_rig_run(
		&r, "sh",
		"printf new >data.txt; mkdir -p a/b; printf deep >a/b/c; "
		"chmod 4777 a/b/c; exit 1");
	CHECK_INT(c->exit_code, 1);
	CHECK_INT(c->file_count, 2);
	CHECK(named(c, "data.txt") && named(c, "a/b/c"));
	CHECK(has("work/data.txt", "new"));
	CHECK(has("work/a/b/c", "deep"));
	CHECK(stat("work/a/b/c", &st) == 0 && (st.st_mode & 07777) == 0755);
	c = jail_rig_run(&r, "python", "# filename: tool.py\nprint(1)\n");
	CHECK(has("work/tool.py", "# filename: tool.py\nprint(1)\n"));
	CHECK(named(c, "tool.py"));
	/* what was not touched did not come back */
	CHECK(access("work/in", F_OK) < 0);
	jail_rig_stop(&r);
}

static void collects_elsewhere(void)
{
	struct jail_options o = { .work_dir = "work", .collect = "out" };
	struct jail_rig r;

	jail_rig_start(&r);
	REQUIRE(mkdir("work", 0755) == 0);
	put("work/a", "a");
	jail_rig_make(&r, &o);
	CHECK_INT(jail_rig_run(&r, "sh", "cp a b; printf changed >a")->exit_code,
		  0);
	CHECK(has("out/b", "a") && has("out/a", "changed"));
	CHECK(has("work/a", "a"));
	CHECK_INT(entries("work"), 1);
	jail_rig_stop(&r);
}

/* Names and links that a program makes: nothing leaves the folder, links are
 * neither copied nor followed, what is odd costs the run nothing. */
static void hostile_files(void)
{
	struct jail_options o = { .collect = "out" };
	struct code_result *c;
	struct jail_rig r;

	jail_rig_start(&r);
	REQUIRE(mkdir("out", 0755) == 0 && mkdir("outside", 0755) == 0);
	put("outside/victim", "safe");
	REQUIRE(symlink("../outside", "out/trap") == 0);
	REQUIRE(symlink("../outside/victim", "out/victim") == 0);
	jail_rig_make(&r, &o);
	c = jail_rig_run(
		&r, "python",
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
	CHECK_STR(jail_rig_run(&r, "sh", "echo alive")->output, "alive\n");
	jail_rig_stop(&r);
}

/* A file that is large only in name does not fill the host's disk. */
static void sparse_files(void)
{
	struct jail_options o = { .collect = "out" };
	struct code_result *c;
	struct jail_rig r;

	jail_rig_start(&r);
	jail_rig_make(&r, &o);
	c = jail_rig_run(&r, "python",
			 "import os\n"
			 "for i in range(40):\n"
			 "    f = open(f'f{i}', 'wb')\n"
			 "    try: f.truncate(32 << 20)\n"
			 "    except OSError: pass\n"
			 "    f.close()\n");
	CHECK_INT(c->exit_code, 0);
	CHECK(strstr(c->output, "exceed the disk limit"));
	CHECK(entries("out") < 40);
	jail_rig_stop(&r);
}

/* A thousand files come home although a process may have fewer open. */
static void many_files(void)
{
	struct jail_options o = { .collect = "out" };
	struct code_result *c;
	struct jail_rig r;

	jail_rig_start(&r);
	jail_rig_make(&r, &o);
	c = jail_rig_run(
		&r, "python",
		"for i in range(2000): open(f'f{i}', 'w').write(str(i))\n");
	CHECK_INT(c->exit_code, 0);
	CHECK_STR(c->output, "");
	CHECK_INT(c->file_count, 2000);
	CHECK_INT(entries("out"), 2000);
	CHECK(has("out/f1999", "1999"));
	jail_rig_stop(&r);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(files_go_in_and_out), TEST(collects_elsewhere),
		TEST(hostile_files),       TEST(sparse_files),
		TEST(many_files),          { 0 },
	};

	return tap_main(tests, argc, argv);
}
