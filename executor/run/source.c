/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Walks host folders without following links, at most 64 deep. What is neither
 * a file nor a folder is refused by name: leaving it out would surprise.
 */
#include "executor/run/source.h"

#include "executor/base/fd.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/run/workspace.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEPTH_MAX 64

struct walk {
	struct put_list *list;
	const struct source_bounds *bounds;
	const char *source; /* for messages */
	const char *target; /* in /workspace */
	int root;
	bool skip_others; /* what cannot be copied is left out */
	uint64_t bytes;   /* of the whole list so far */
};

static int refuse(struct walk *w, const char *rel, const char *what,
		  struct err *err)
{
	if (w->skip_others && *rel)
		return 0;
	err_set(err, ERR_INVALID, "%s%s%s %s", w->source, *rel ? "/" : "", rel,
		what);
	return err_field(err, "file");
}

static int check_size(struct walk *w, uint64_t size, struct err *err)
{
	char all[32], most[32];

	w->bytes += size;
	if (w->bounds->bytes && w->bytes > w->bounds->bytes) {
		err_set(err, ERR_TOO_LARGE,
			"%s: the files take %s, the box's disk has %s",
			w->source, str_format_size(w->bytes, all, sizeof(all)),
			str_format_size(w->bounds->bytes, most, sizeof(most)));
		err_try(err, "a higher --disk (and --memory above it)");
		return err_field(err, "file");
	}
	if (w->bounds->files && w->list->count >= w->bounds->files) {
		err_set(err, ERR_TOO_LARGE,
			"%s: more than the box's %llu files", w->source,
			(unsigned long long)w->bounds->files);
		return err_field(err, "file");
	}
	return 0;
}

static unsigned mode_of(const struct stat *st)
{
	return st->st_mode & 0100 ? 0755 : 0644;
}

static int add_regular(struct walk *w, const char *rel, const struct stat *st,
		       struct err *err)
{
	_auto_free_ char *path = str_equal(w->target, ".")
					 ? mem_strdup(rel)
					 : mem_printf("%s/%s", w->target, rel);
	const char *fault = workspace_path_fault(path);
	struct put_item *item;
	int rc;

	if (fault)
		return refuse(w, rel, fault, err);
	rc = check_size(w, (uint64_t)st->st_size, err);
	if (rc < 0)
		return rc;
	item = put_list_add(w->list, path);
	item->mode = mode_of(st);
	item->root = w->root;
	item->rel = mem_strdup(rel);
	item->size = (uint64_t)st->st_size;
	return 0;
}

static int walk_folder(struct walk *w, int fd, const char *rel, unsigned depth,
		       struct err *err);

static int walk_entry(struct walk *w, int dir, const char *rel, unsigned depth,
		      struct err *err)
{
	const char *name = strrchr(rel, '/') ? strrchr(rel, '/') + 1 : rel;
	struct stat st;
	int fd;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return err_sys(err, errno, "cannot look at %s/%s", w->source,
			       rel);
	if (S_ISLNK(st.st_mode))
		return refuse(w, rel, "is a link; links are refused", err);
	if (S_ISREG(st.st_mode))
		return add_regular(w, rel, &st, err);
	if (!S_ISDIR(st.st_mode))
		return refuse(w, rel, "is neither a file nor a folder", err);
	if (depth == DEPTH_MAX)
		return refuse(w, rel, "lies too deep", err);
	fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0) {
		err_sys(err, errno, "cannot open %s/%s", w->source, rel);
		return err_field(err, "file");
	}
	return walk_folder(w, fd, rel, depth + 1, err);
}

/* Takes fd over. */
static int walk_folder(struct walk *w, int fd, const char *rel, unsigned depth,
		       struct err *err)
{
	DIR *d = fdopendir(fd);
	struct dirent *e;
	int rc = 0;

	if (!d) {
		close(fd);
		return err_sys(err, errno, "cannot read %s", w->source);
	}
	while (rc >= 0 && (e = readdir(d))) {
		_auto_free_ char *path = NULL;

		if (str_equal(e->d_name, ".") || str_equal(e->d_name, ".."))
			continue;
		path = *rel ? mem_printf("%s/%s", rel, e->d_name)
			    : mem_strdup(e->d_name);
		rc = walk_entry(w, dirfd(d), path, depth, err);
	}
	closedir(d);
	return rc;
}

static int open_error(const char *source, struct err *err)
{
	if (errno == ELOOP) {
		err_set(err, ERR_INVALID, "%s is a link; links are refused",
			source);
		err_try(err, "the file that it points at");
	} else if (errno == ENOENT) {
		err_set(err, ERR_NOT_FOUND, "there is no file or folder %s",
			source);
	} else {
		err_sys(err, errno, "cannot open %s", source);
	}
	return err_field(err, "file");
}

static int add_source(struct put_list *list, struct source_roots *roots,
		      const struct coop_file *file, struct walk *w,
		      struct err *err)
{
	struct put_item *item;
	struct stat st;
	int fd, rc;

	if (roots->count == SOURCE_ROOTS_MAX) {
		err_set(err, ERR_TOO_LARGE, "more than %d files are named",
			SOURCE_ROOTS_MAX);
		return err_field(err, "file");
	}
	fd = open(file->source, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return open_error(file->source, err);
	roots->fds[roots->count++] = fd;
	if (fstat(fd, &st) < 0)
		return err_sys(err, errno, "cannot look at %s", file->source);
	if (S_ISDIR(st.st_mode)) {
		w->root = fd;
		fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
		if (fd < 0)
			return err_sys(err, errno, "cannot open %s",
				       file->source);
		return walk_folder(w, fd, "", 0, err);
	}
	if (!S_ISREG(st.st_mode) || str_equal(file->path, "."))
		return refuse(w, "", "is neither a file nor a folder", err);
	rc = check_size(w, (uint64_t)st.st_size, err);
	if (rc < 0)
		return rc;
	item = put_list_add(list, file->path);
	item->mode = file->mode ? file->mode : mode_of(&st);
	item->fd = fd;
	item->size = (uint64_t)st.st_size;
	return 0;
}

static uint64_t bytes_of(const struct put_list *list)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < list->count; i++)
		sum += list->items[i].size;
	return sum;
}

int source_add(struct put_list *list, struct source_roots *roots,
	       const struct coop_file *file, const struct source_bounds *bounds,
	       struct err *err)
{
	struct walk w = {
		.list = list,
		.bounds = bounds,
		.source = file->source ? file->source : file->path,
		.target = file->path,
		.root = -1,
		.skip_others = file->skip_others,
		.bytes = bytes_of(list),
	};
	const char *fault = workspace_path_fault(file->path);
	struct put_item *item;
	int rc;

	if (fault && !(file->source && str_equal(file->path, "."))) {
		err_set(err, ERR_INVALID, "the target \"%.200s\" %s",
			file->path, fault);
		return err_field(err, "file");
	}
	if (!file->data)
		return add_source(list, roots, file, &w, err);
	rc = check_size(&w, file->len, err);
	if (rc < 0)
		return rc;
	item = put_list_add(list, file->path);
	item->mode = file->mode ? file->mode : 0644;
	item->data = file->data;
	item->len = file->len;
	item->size = file->len;
	return 0;
}

void source_roots_finish(struct source_roots *roots)
{
	for (size_t i = 0; i < roots->count; i++)
		fd_close(&roots->fds[i]);
	roots->count = 0;
}
