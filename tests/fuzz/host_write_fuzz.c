/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of files that come out of a box, one a line: where they are written on
 * the host is below the one folder, whatever stands there already, whole or not
 * at all. A line "@TARGET" makes the link "l".
 * fuzz-options: -max_len=1024
 */
#include "agentlib/runner/host_write.h"

#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/run/workspace.h"
#include "tests/fuzz/fuzz.h"
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINES_MAX 24

static char host[PATH_MAX], outside[PATH_MAX];
static struct timespec outside_made;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct stat st;

	fuzz_file("outside/secret", "secret", 6);
	snprintf(host, sizeof(host), "%s/host", fuzz_folder());
	snprintf(outside, sizeof(outside), "%s/outside", fuzz_folder());
	FUZZ_CHECK(stat(outside, &st) == 0);
	outside_made = st.st_mtim;
	return 0;
}

/* "new" is what stands there, reached without a link at the end. */
static void check_written(int dir, const char *path)
{
	int fd = openat(dir, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	char text[8] = "";

	FUZZ_CHECK(fd >= 0 && read(fd, text, sizeof(text)) == 3);
	FUZZ_SAME(text, "new");
	FUZZ_CHECK(path[0] != '/' && !str_starts(path, "../") &&
		   !strstr(path, "/../"));
	close(fd);
}

static void put(const struct host_write *w, int dir, const char *path)
{
	struct err err = { 0 };
	int rc = host_write_data(w, path, "new", 3, &err);

	if (rc < 0)
		fuzz_check_err(&err);
	else
		check_written(dir, path);
	/* what could come out of a box could be put into one */
	if (rc == -ERR_INVALID)
		FUZZ_CHECK(workspace_path_fault(path));
}

static bool odd_names; /* the input itself writes what looks half */

/* No half files, and all that there is can be removed. */
static int remove_one(const char *path, const struct stat *st, int flag,
		      struct FTW *at)
{
	FUZZ_CHECK(odd_names || !str_starts(path + at->base, ".coop-"));
	return remove(path);
}

static void check_outside(void)
{
	char path[PATH_MAX + 16], text[16] = "";
	struct stat st;
	int fd;

	snprintf(path, sizeof(path), "%s/secret", outside);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	FUZZ_CHECK(fd >= 0 && read(fd, text, sizeof(text)) == 6);
	FUZZ_SAME(text, "secret");
	close(fd);
	FUZZ_CHECK(stat(outside, &st) == 0);
	FUZZ_CHECK(memcmp(&st.st_mtim, &outside_made, sizeof(outside_made)) ==
		   0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), *rest = text, *line;
	struct host_write *w = host_write_open(host, NULL);
	int dir = open(host, O_RDONLY | O_DIRECTORY | O_CLOEXEC), lines = 0;

	FUZZ_CHECK(w && dir >= 0);
	odd_names = memmem(data, size, ".coop-", 6) != NULL;
	symlinkat("../outside", dir, "up");
	symlinkat("../outside/secret", dir, "s");
	mkdirat(dir, "d", 0700);
	while (lines++ < LINES_MAX && (line = strsep(&rest, "\n")))
		if (*line == '@')
			symlinkat(line + 1, dir, "l");
		else
			put(w, dir, line);
	close(dir);
	host_write_close(w);
	FUZZ_CHECK(nftw(host, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0);
	check_outside();
	mem_free(text);
	return 0;
}
