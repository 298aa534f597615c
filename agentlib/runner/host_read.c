/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A walk with descriptors, so that a folder which becomes a link meanwhile is
 * not followed. Depth and number are bounded; sizes are those of the moment,
 * the box's own limit holds anyway.
 */
#include "agentlib/runner/host_read.h"

#include "agentlib/runner/block.h"
#include "executor/base/fd.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEPTH_MAX 64

/* One place of a walk. */
struct place {
	const char *source;
	unsigned depth;
	bool strict; /* links and special files are errors */
};

static void add(struct host_read *h, const struct coop_file *f)
{
	if (h->count == h->cap) {
		h->cap = h->cap ? 2 * h->cap : 16;
		h->items = mem_resize(h->items, h->cap, sizeof(*h->items));
	}
	h->items[h->count] = *f;
	h->items[h->count].path = mem_strdup(f->path);
	h->items[h->count++].source = mem_strdup(f->source);
}

static int count(struct host_read *h, const char *source, const struct stat *st,
		 struct err *err)
{
	char size[32];

	h->bytes += (uint64_t)st->st_size;
	h->files++;
	if (h->bytes_max && h->bytes > h->bytes_max) {
		err_set(err, ERR_TOO_LARGE,
			"the files to put into the box exceed its disk limit "
			"of %s, with %s",
			str_format_size(h->bytes_max, size, sizeof(size)),
			source);
		return err_try(err, "a smaller folder, or a larger disk limit");
	}
	if (h->files_max && h->files > h->files_max)
		return err_set(err, ERR_TOO_LARGE,
			       "there are more than %" PRIu64
			       " files to put into the box",
			       h->files_max);
	return 0;
}

static int walk(struct host_read *h, int dirfd, const char *name,
		const struct place *at, struct err *err);

/* Everything in the open folder `fd`, which this takes. */
static int walk_folder(struct host_read *h, int fd, const struct place *at,
		       struct err *err)
{
	DIR *dir = fdopendir(fd);
	struct dirent *e;
	int rc = 0;

	if (!dir) {
		rc = err_sys(err, errno, "%s", at->source);
		close(fd);
		return rc;
	}
	while (rc == 0 && (errno = 0, e = readdir(dir))) {
		_auto_free_ char *source = NULL;
		struct place below = { .depth = at->depth + 1,
				       .strict = at->strict };

		if (str_equal(e->d_name, ".") || str_equal(e->d_name, ".."))
			continue;
		source = mem_printf("%s/%s", at->source, e->d_name);
		below.source = source;
		rc = walk(h, dirfd(dir), e->d_name, &below, err);
	}
	if (rc == 0 && errno)
		rc = err_sys(err, errno, "%s", at->source);
	closedir(dir);
	return rc;
}

static int refuse(const struct place *at, struct err *err)
{
	if (!at->strict)
		return 0;
	return err_set(err, ERR_INVALID,
		       "%s is a link or a special file, which is not copied",
		       at->source);
}

static int walk(struct host_read *h, int dirfd, const char *name,
		const struct place *at, struct err *err)
{
	struct stat st;
	int fd;

	if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT && !at->strict
			       ? 0
			       : err_sys(err, errno, "%s", at->source);
	if (S_ISREG(st.st_mode)) {
		if (faccessat(dirfd, name, R_OK, AT_EACCESS) < 0)
			return err_sys(err, errno, "%s", at->source);
		return count(h, at->source, &st, err);
	}
	if (!S_ISDIR(st.st_mode))
		return refuse(at, err);
	if (at->depth > DEPTH_MAX)
		return err_set(err, ERR_TOO_LARGE,
			       "%s: more than %d folders inside each other",
			       at->source, DEPTH_MAX);
	fd = openat(dirfd, name,
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return err_sys(err, errno, "%s", at->source);
	return walk_folder(h, fd, at, err);
}

int host_read_folder(struct host_read *h, const char *folder, struct err *err)
{
	struct place at = { .source = folder };
	struct coop_file f = { .path = ".",
			       .source = folder,
			       .skip_others = true };
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc;

	if (fd < 0)
		return err_sys(err, errno, "%s", folder);
	rc = walk_folder(h, fd, &at, err);
	if (rc == 0)
		add(h, &f);
	return rc;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

int host_read_option(struct host_read *h, const char *spec, struct err *err)
{
	const char *colon = strrchr(spec, ':');
	_auto_free_ char *source = colon ? mem_strndup(spec,
						       (size_t)(colon - spec))
					 : mem_strdup(spec);
	_auto_free_ char *path = NULL;
	struct place at = { .source = source, .strict = true };
	size_t len = strlen(source);

	while (len > 1 && source[len - 1] == '/')
		source[--len] = '\0';
	if (len == 0 || (colon && !colon[1])) {
		err_set(err, ERR_INVALID, "\"%s\" is not SRC[:DST]", spec);
		return err_field(err, "--file");
	}
	path = block_path(colon ? colon + 1 : base_name(source));
	if (!path) {
		err_set(err, ERR_INVALID, "\"%s\" is no name below /workspace",
			colon ? colon + 1 : base_name(source));
		err_try(err, "SRC:DST with DST relative and without \"..\"");
		return err_field(err, "--file");
	}
	if (walk(h, AT_FDCWD, source, &at, err) < 0)
		return err_field(err, "--file");
	add(h, &(struct coop_file){ .path = path, .source = source });
	return 0;
}

void host_read_finish(struct host_read *h)
{
	for (size_t i = 0; i < h->count; i++) {
		mem_free((char *)h->items[i].path);
		mem_free((char *)h->items[i].source);
	}
	mem_free(h->items);
	*h = (struct host_read){ .bytes_max = h->bytes_max,
				 .files_max = h->files_max };
}
