/* SPDX-License-Identifier: Apache-2.0 */
/* Reading and pointing only; what the JSON means is the loader's business. */
#include "agentlib/cmd/cli_file.h"

#include "agentlib/catalog/catalog.h"
#include "executor/base/buf.h"
#include "executor/base/fd.h"
#include "executor/base/json.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEXT_MAX (16u * 1024 * 1024)

static int slurp_fd(int fd, struct buf *out, struct err *err)
{
	struct stat st;
	int rc;

	if (fstat(fd, &st) < 0)
		return err_sys(err, errno, "cannot be read");
	if (S_ISDIR(st.st_mode))
		return err_set(err, ERR_INVALID, "is a directory");
	rc = fd_slurp(fd, out, err);
	if (rc == -ERR_TOO_LARGE)
		return err_set(err, ERR_TOO_LARGE, "is larger than %u MiB",
			       TEXT_MAX >> 20);
	if (rc < 0)
		return rc;
	if (memchr(out->data, 0, out->len) ||
	    !str_utf8_valid(out->data, out->len))
		return err_set(err, ERR_INVALID,
			       "is not text: it has NUL bytes or bad UTF-8");
	return 0;
}

char *cli_file_slurp(const char *path, struct err *err)
{
	bool standard = str_equal(path, "-");
	struct buf out;
	int fd = standard ? STDIN_FILENO
			  : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0) {
		err_sys(err, errno, "cannot be read");
		err_prefix(err, "%s: ", path);
		return NULL;
	}
	buf_init(&out, TEXT_MAX);
	if (slurp_fd(fd, &out, err) < 0) {
		err_prefix(err, "%s: ", standard ? "standard input" : path);
		buf_finish(&out);
	}
	if (!standard)
		close(fd);
	return out.data ? buf_take(&out) : NULL;
}

static int parse(struct cli_file *f, const char *text, struct err *err)
{
	const char *name = f->path ? f->path : "built-in";

	f->root = json_parse(text, strlen(text), TEXT_MAX, err);
	if (!f->root)
		return err_prefix(err, "%s: is no JSON: ", name);
	f->node = catalog_pointer(f->root, f->pointer, err);
	if (f->node)
		return 0;
	err_field(err, "%s", "");
	return err_prefix(err, "%s#%s: ", name, f->pointer);
}

int cli_file_read(struct cli_file *f, const char *operand, struct err *err)
{
	const char *mark = strrchr(operand, '#');
	_auto_free_ char *text = NULL;
	int rc;

	if (mark && mark[1] && mark[1] != '/')
		mark = NULL; /* part of the name */
	*f = (struct cli_file){
		.path = mark ? mem_strndup(operand, (size_t)(mark - operand))
			     : mem_strdup(operand),
		.pointer = mem_strdup(mark ? mark + 1 : ""),
	};
	text = cli_file_slurp(f->path, err);
	rc = text ? parse(f, text, err) : -(int)ERR_INVALID;
	if (rc < 0)
		cli_file_finish(f);
	return rc;
}

int cli_file_text(struct cli_file *f, const char *text, struct err *err)
{
	int rc;

	*f = (struct cli_file){ .pointer = mem_strdup("") };
	rc = parse(f, text, err);
	if (rc < 0)
		cli_file_finish(f);
	return rc;
}

void cli_file_finish(struct cli_file *f)
{
	mem_free(f->path);
	mem_free(f->pointer);
	json_destroy(f->root);
	*f = (struct cli_file){ 0 };
}
