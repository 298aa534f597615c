/* SPDX-License-Identifier: Apache-2.0 */
/* One file, whole; its size is looked at before any of it is read. */
#include "executor/cmd/source_file.h"

#include "executor/base/buf.h"
#include "executor/base/fd.h"
#include "executor/base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static int check_kind(const char *path, const struct stat *st, struct err *err)
{
	char size[32], most[32];

	if (S_ISDIR(st->st_mode)) {
		err_set(err, ERR_INVALID, "%s is a folder", path);
		return err_try(err, "the program's file; --file for folders");
	}
	if (!S_ISREG(st->st_mode) || (uint64_t)st->st_size <= SOURCE_FILE_MAX)
		return 0;
	err_set(err, ERR_TOO_LARGE, "%s has %s, a program may have %s", path,
		str_format_size((uint64_t)st->st_size, size, sizeof(size)),
		str_format_size(SOURCE_FILE_MAX, most, sizeof(most)));
	return err_try(err, "--file for data");
}

static int read_path(const char *path, struct buf *out, struct err *err)
{
	_auto_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	int rc;

	if (fd < 0 && errno == ENOENT)
		return err_set(err, ERR_NOT_FOUND, "there is no file %s", path);
	if (fd < 0)
		return err_sys(err, errno, "cannot open %s", path);
	if (fstat(fd, &st) < 0)
		return err_sys(err, errno, "cannot look at %s", path);
	rc = check_kind(path, &st, err);
	return rc < 0 ? rc : fd_slurp(fd, out, err);
}

int source_file_read(const char *path, struct buf *out, struct err *err)
{
	int rc = str_equal(path, "-") ? fd_slurp(STDIN_FILENO, out, err)
				      : read_path(path, out, err);

	return rc < 0 ? err_field(err, "file") : 0;
}
