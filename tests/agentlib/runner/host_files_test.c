/* SPDX-License-Identifier: Apache-2.0 */
/* Files of the host into a box and out of it: limits, links, hostile names. */
#include "agentlib/runner/host_read.h"
#include "agentlib/runner/host_write.h"

#include "executor/base/buf.h"
#include "executor/base/fd.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "tests/agentlib/runner/folder.h"
#include "tests/tap.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	REQUIRE(fd >= 0);
	REQUIRE(fd_write_all(fd, text, strlen(text), NULL) == 0);
	close(fd);
}

static bool has(const char *path, const char *text)
{
	struct buf b;
	bool same;

	buf_init(&b, 4096);
	same = fd_slurp_path(AT_FDCWD, path, &b, NULL) == 0 &&
	       str_equal(b.data, text);
	buf_finish(&b);
	return same;
}

static const struct coop_file *find(const struct host_read *h, const char *path)
{
	for (size_t i = 0; i < h->count; i++)
		if (str_equal(h->items[i].path, path))
			return &h->items[i];
	return NULL;
}

static void reads_folder(void)
{
	struct host_read h = { 0 };
	struct err err = { 0 };

	folder_enter();
	REQUIRE(mkdir("w", 0755) == 0 && mkdir("w/sub", 0755) == 0);
	put("w/a.txt", "12345");
	put("w/sub/b", "678");
	REQUIRE(symlink("/etc/passwd", "w/link") == 0);
	REQUIRE(symlink("..", "w/up") == 0);
	REQUIRE(mkfifo("w/fifo", 0600) == 0);
	CHECK(host_read_folder(&h, "w", &err) == 0);
	CHECK_INT(h.files, 2);
	CHECK_INT(h.bytes, 8);
	REQUIRE(h.count == 1);
	CHECK_STR(h.items[0].path, ".");
	CHECK(h.items[0].skip_others);
	host_read_finish(&h);
	h.bytes_max = 7;
	CHECK_INT(host_read_folder(&h, "w", &err), -ERR_TOO_LARGE);
	host_read_finish(&h);
	h = (struct host_read){ .files_max = 1 };
	CHECK_INT(host_read_folder(&h, "w", &err), -ERR_TOO_LARGE);
	host_read_finish(&h);
	CHECK(host_read_folder(&h, "none", &err) < 0);
}

static void reads_options(void)
{
	static const char *const bad[] = { "",         ":",    ":x",
					   "f:",       "none", "f:../x",
					   "f:/etc/x", "link", "fifo",
					   "f:x/..",   "..",   "withlink" };
	struct host_read h = { 0 };
	struct err err = { 0 };

	folder_enter();
	put("f", "1");
	REQUIRE(mkdir("d", 0755) == 0 && mkdir("withlink", 0755) == 0);
	put("d/g", "22");
	REQUIRE(symlink("f", "link") == 0 && mkfifo("fifo", 0600) == 0);
	REQUIRE(symlink("../f", "withlink/l") == 0);
	CHECK(host_read_option(&h, "f", &err) == 0 && find(&h, "f"));
	CHECK(host_read_option(&h, "f:n/m", &err) == 0 && find(&h, "n/m"));
	CHECK(host_read_option(&h, "d/", &err) == 0 && find(&h, "d"));
	CHECK(host_read_option(&h, "d:x", &err) == 0 && find(&h, "x"));
	CHECK_INT(h.bytes, 6);
	CHECK_INT(h.files, 4);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		err = (struct err){ 0 };
		tap_note("%s", bad[i]);
		CHECK(host_read_option(&h, bad[i], &err) < 0);
		CHECK_STR(err.field, "--file");
		CHECK(*err.text);
	}
	CHECK_INT(h.count, 4);
	host_read_finish(&h);
}

static void writes(void)
{
	struct err err = { 0 };
	struct host_write *w;
	struct stat st;

	folder_enter();
	w = host_write_open("out", &err);
	REQUIRE(w);
	CHECK(host_write_data(w, "a", "one", 3, &err) == 0);
	CHECK(has("out/a", "one"));
	CHECK(host_write_data(w, "a", "two", 3, &err) == 0);
	CHECK(has("out/a", "two"));
	CHECK(host_write_data(w, "x/y/z", "deep", 4, &err) == 0);
	CHECK(has("out/x/y/z", "deep"));
	CHECK(host_write_data(w, "new\nline", "n", 1, &err) == 0);
	CHECK(has("out/new\nline", "n"));
	/* a hard link of another file is not written through */
	put("other", "kept");
	REQUIRE(link("other", "out/hard") == 0);
	CHECK(host_write_data(w, "hard", "mine", 4, &err) == 0);
	CHECK(has("other", "kept") && has("out/hard", "mine"));
	CHECK(stat("out/a", &st) == 0 && (st.st_mode & 07777) == 0644);
	host_write_close(w);
}

/* Names and places that lead out: refused, nothing outside changes. */
static void stays_inside(void)
{
	static const char *const bad[] = {
		"",      "/",    "/etc/x", "..",     "../x",      "a/../../x",
		".",     "./x",  "a//b",   "a/",     "dirlink/x", "link",
		"a/./b", "fifo", "dir",    "file/x", "looplink/x"
	};
	struct err err = { 0 };
	struct host_write *w;
	char longname[300];

	folder_enter();
	w = host_write_open("out", &err);
	REQUIRE(w && mkdir("outside", 0755) == 0);
	put("outside/victim", "safe");
	REQUIRE(symlink("../outside", "out/dirlink") == 0);
	REQUIRE(symlink("../outside/victim", "out/link") == 0);
	REQUIRE(symlink("looplink", "out/looplink") == 0);
	REQUIRE(mkfifo("out/fifo", 0600) == 0 && mkdir("out/dir", 0755) == 0);
	put("out/file", "f");
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		tap_note("\"%s\"", bad[i]);
		CHECK(host_write_data(w, bad[i], "evil", 4, &err) < 0);
	}
	memset(longname, 'n', sizeof(longname));
	longname[sizeof(longname) - 1] = '\0';
	CHECK(host_write_data(w, longname, "evil", 4, &err) < 0);
	CHECK(has("outside/victim", "safe"));
	CHECK(access("outside/x", F_OK) < 0 && access("x", F_OK) < 0);
	CHECK(has("out/file", "f"));
	host_write_close(w);
}

static void copies(void)
{
	struct err err = { 0 };
	struct host_write *w;
	struct stat st;
	int fd, pipes[2];

	folder_enter();
	w = host_write_open(".", &err);
	REQUIRE(w);
	put("src", "content");
	REQUIRE(chmod("src", 06777) == 0);
	fd = open("src", O_RDONLY | O_CLOEXEC);
	CHECK(host_write_fd(w, "dst", fd, 7, &err) == 0);
	CHECK(has("dst", "content"));
	/* set-id and write bits do not come along */
	CHECK(stat("dst", &st) == 0 && (st.st_mode & 07777) == 0755);
	CHECK_INT(host_write_fd(w, "cut", fd, 6, &err), -ERR_TOO_LARGE);
	CHECK(access("cut", F_OK) < 0 && errno == ENOENT);
	close(fd);
	REQUIRE(fd_pipe(pipes, &err) == 0);
	CHECK_INT(host_write_fd(w, "p", pipes[0], 9, &err), -ERR_FORBIDDEN);
	close(pipes[0]);
	close(pipes[1]);
	host_write_close(w);
	CHECK(!host_write_open("no/such/place", &err));
	CHECK(!host_write_open("src", &err));
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(reads_folder), TEST(reads_options), TEST(writes),
		TEST(stays_inside), TEST(copies),        { 0 }
	};

	return tap_main(tests, argc, argv);
}
