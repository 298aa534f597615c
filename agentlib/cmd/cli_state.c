/* SPDX-License-Identifier: Apache-2.0 */
/* A state may hold what the team was told: only its owner reads the file. */
#include "agentlib/cmd/cli_state.h"

#include "agentlib/core/task.h"
#include "executor/base/buf.h"
#include "executor/base/fd.h"
#include "executor/base/json.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define STATE_MAX (256u * 1024 * 1024)

static int name_it(const char *path, struct err *err)
{
	err_prefix(err, "%s: ", path);
	return err_field(err, "--state");
}

int cli_state_load(struct task *t, const char *path, bool *found,
		   struct err *err)
{
	_auto_json_ struct json *state = NULL;
	struct buf text;
	int rc;

	*found = access(path, F_OK) == 0;
	if (!*found)
		return 0;
	if (!t->ops->load)
		return err_set(err, ERR_UNSUPPORTED,
			       "this team cannot take a state");
	buf_init(&text, STATE_MAX);
	rc = fd_slurp_path(AT_FDCWD, path, &text, err);
	if (rc == 0) {
		state = json_parse(text.data, text.len, STATE_MAX, err);
		rc = state ? t->ops->load(t, state, err) : -ERR_INVALID;
	}
	buf_finish(&text);
	return rc < 0 ? name_it(path, err) : 0;
}

static int write_new(const char *temp, const struct buf *text, struct err *err)
{
	_auto_close_ int fd =
		open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
		     0600);

	if (fd < 0)
		return err_sys(err, errno, "cannot be written");
	if (fd_write_all(fd, text->data, text->len, err) < 0)
		return -ERR_SYSTEM;
	return fsync(fd) < 0 ? err_sys(err, errno, "cannot be written") : 0;
}

int cli_state_save(const struct task *t, const char *path, struct err *err)
{
	_auto_free_ char *temp = NULL;
	char id[STR_ID_SIZE];
	struct json_writer w;
	struct buf text;
	int rc = 0;

	if (!t->ops->save)
		return err_set(err, ERR_UNSUPPORTED, "this team has no state");
	buf_init(&text, STATE_MAX);
	jw_init(&w, &text);
	t->ops->save((struct task *)t, &w);
	buf_putc(&text, '\n');
	str_random_id(id);
	temp = mem_printf("%s.%s", path, id);
	if (text.overflow)
		rc = err_set(err, ERR_TOO_LARGE, "the state is too large");
	if (rc == 0)
		rc = write_new(temp, &text, err);
	if (rc == 0 && rename(temp, path) < 0)
		rc = err_sys(err, errno, "cannot be written");
	if (rc < 0)
		unlink(temp);
	buf_finish(&text);
	return rc < 0 ? name_it(path, err) : 0;
}
