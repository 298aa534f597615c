/* SPDX-License-Identifier: Apache-2.0 */
/* Commands packed and read back, damaged ones, and how exec fails. */
#include "executor/broker/command.h"

#include "executor/base/fd.h"
#include "executor/base/mem.h"
#include "tests/tap.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static void there_and_back(void)
{
	const char *const argv[] = { "prog", "", "a b", "\xff\n", NULL };
	const char *const env[] = { "A=1", "B=", NULL };
	struct command c;
	_auto_close_ int fd = command_pack(argv, env, NULL);

	REQUIRE(fd >= 0);
	REQUIRE(command_read(fd, &c, NULL) == 0);
	for (int i = 0; i < 4; i++)
		CHECK_STR(c.argv[i], argv[i]);
	CHECK(!c.argv[4]);
	CHECK_STR(c.envp[0], "A=1");
	CHECK_STR(c.envp[1], "B=");
	CHECK(!c.envp[2]);
	command_finish(&c);
}

static void what_cannot_be_packed(void)
{
	const char *const none[] = { NULL };
	const char *const empty[] = { "", NULL };
	char *big = mem_zero(1, COMMAND_BYTES_MAX + 1);
	const char *const large[] = { "x", big, NULL };

	CHECK_INT(command_pack(none, NULL, NULL), -ERR_INVALID);
	CHECK_INT(command_pack(empty, NULL, NULL), -ERR_INVALID);
	memset(big, 'x', COMMAND_BYTES_MAX);
	CHECK_INT(command_pack(large, NULL, NULL), -ERR_TOO_LARGE);
	mem_free(big);
}

static int read_bytes(const void *data, size_t len)
{
	struct command c;
	_auto_close_ int fd = fd_memfd("test", data, len, NULL);
	int rc = command_read(fd, &c, NULL);

	if (!rc)
		command_finish(&c);
	return rc;
}

static void what_is_not_well_formed(void)
{
	static const struct {
		const char *bytes;
		size_t len;
		int rc;
	} rows[] = {
		{ "\1\0\0\0\0\0\0\0a\0", 10, 0 },
		{ "\1\0\0\0\0\0\0\0a", 9, -ERR_INVALID },
		{ "\1\0\0\0\0\0\0\0a\0b\0", 12, -ERR_INVALID },
		{ "\1\0\0\0\1\0\0\0a\0", 10, -ERR_INVALID },
		{ "\0\0\0\0\1\0\0\0a\0", 10, -ERR_INVALID },
		{ "\xff\xff\xff\xff\0\0\0\0a\0", 10, -ERR_INVALID },
		{ "\1\0\0\0\xff\xff\xff\xff"
		  "a\0",
		  10, -ERR_INVALID },
		{ "\1\0\0", 3, -ERR_INVALID },
		{ "\0\0\0\0\0\0\0\0", 8, -ERR_INVALID },
	};

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		CHECK_INT(read_bytes(rows[i].bytes, rows[i].len), rows[i].rc);
}

static void unsealed_is_refused(void)
{
	struct command c;
	_auto_close_ int fd = memfd_create("open", MFD_CLOEXEC);

	CHECK(write(fd, "\1\0\0\0\0\0\0\0a\0", 10) == 10);
	CHECK_INT(command_read(fd, &c, NULL), -ERR_INVALID);
}

static int exec_error(const char *name, const char *path)
{
	char *argv[] = { (char *)name, NULL }, *env[] = { (char *)path, NULL };
	struct command c = { NULL, argv, env };

	return command_exec(&c, NULL);
}

static void how_exec_fails(void)
{
	CHECK_INT(exec_error("no-such", "PATH=/usr/bin:/bin"), -ERR_NOT_FOUND);
	CHECK_INT(exec_error("sh", "PATH="), -ERR_NOT_FOUND);
	CHECK_INT(exec_error("sh", "PATH=:::/nowhere"), -ERR_NOT_FOUND);
	CHECK_INT(exec_error("passwd", "PATH=/nowhere:/etc"), -ERR_FORBIDDEN);
	CHECK_INT(exec_error("/etc/passwd", "A="), -ERR_FORBIDDEN);
	CHECK_INT(exec_error("/etc", "A="), -ERR_FORBIDDEN);
	CHECK_INT(exec_error("/etc/passwd/x", "A="), -ERR_NOT_FOUND);
}

static void path_is_searched(void)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		const char *const argv[] = { "sh", "-c", "exit 42", NULL };
		const char *const env[] = { "X=1",
					    "PATH=/nowhere:/etc:/usr/bin",
					    NULL };
		struct command c;
		int fd = command_pack(argv, env, NULL);

		if (command_read(fd, &c, NULL) == 0)
			command_exec(&c, NULL);
		_exit(1);
	}
	CHECK(waitpid(child, &status, 0) == child);
	CHECK_INT(WEXITSTATUS(status), 42);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(there_and_back),
		TEST(what_cannot_be_packed),
		TEST(what_is_not_well_formed),
		TEST(unsealed_is_refused),
		TEST(how_exec_fails),
		TEST(path_is_searched),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
