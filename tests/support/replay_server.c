/* SPDX-License-Identifier: Apache-2.0 */
/* The tests' end of the replay server: its process, its port, its log. */
#include "tests/support/replay_server.h"

#include "executor/base/buf.h"
#include "executor/base/fd.h"
#include "executor/base/json.h"
#include "executor/base/mem.h"
#include "tests/tap.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LOG_MAX ((size_t)256 * 1024 * 1024)

static void path_of(const struct replay_server *s, const char *name,
		    char path[128])
{
	snprintf(path, 128, "%s/%s", s->dir, name);
}

static void write_recording(const char *path, const char *text)
{
	_auto_close_ int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	REQUIRE(fd >= 0);
	REQUIRE(fd_write_all(fd, text, strlen(text), NULL) == 0);
}

void replay_server_start(struct replay_server *s, const char *recording)
{
	char file[128], log[128];
	char *argv[] = { (char *)tap_build("tests/support/replay_server_prog"),
			 file, (char *)"--log", log, NULL };

	memset(s, 0, sizeof(*s));
	snprintf(s->dir, sizeof(s->dir), "/tmp/coop-replay-XXXXXX");
	REQUIRE(mkdtemp(s->dir));
	path_of(s, "recording.json", file);
	path_of(s, "log", log);
	write_recording(file, recording);
	write_recording(log, "");
	service_start(&s->service, argv);
	snprintf(s->url, sizeof(s->url), "http://127.0.0.1:%d/v1",
		 s->service.port);
}

static void read_log(struct replay_server *s, struct buf *out)
{
	char log[128];

	path_of(s, "log", log);
	buf_init(out, LOG_MAX);
	fd_slurp_path(AT_FDCWD, log, out, NULL);
}

/* Requests in the log; *most becomes the highest number of a connection. */
static size_t each_request(struct replay_server *s, unsigned *most)
{
	static const char mark[] = "{\"connection\":";
	size_t count = 0;
	struct buf b;

	read_log(s, &b);
	for (const char *p = b.data; p && *p; p = strchr(p, '\n'), p += !!p) {
		unsigned n;

		if (strncmp(p, mark, strlen(mark)) != 0)
			continue;
		n = (unsigned)strtoul(p + strlen(mark), NULL, 10);
		*most = n > *most ? n : *most;
		count++;
	}
	buf_finish(&b);
	return count;
}

size_t replay_server_count(struct replay_server *s)
{
	unsigned most = 0;

	return each_request(s, &most);
}

static struct json *line_of(const struct buf *b, size_t index)
{
	const char *line = b->data, *end;

	for (;; line = end + 1) {
		end = strchr(line, '\n');
		if (!end)
			return NULL;
		if (index-- == 0)
			return json_parse(line, (size_t)(end - line), LOG_MAX,
					  NULL);
	}
}

struct json *replay_server_log(struct replay_server *s, size_t index)
{
	for (int i = 0; i < 2000; i++) {
		struct timespec pause = { 0, 10 * 1000 * 1000 };
		struct json *j;
		struct buf b;

		read_log(s, &b);
		j = line_of(&b, index);
		buf_finish(&b);
		if (j)
			return j;
		nanosleep(&pause, NULL);
	}
	tap_check(false, "a line of the server's log came", __FILE__, __LINE__);
	tap_end();
}

unsigned replay_server_connections(struct replay_server *s)
{
	unsigned most = 0;

	each_request(s, &most);
	return most;
}

int replay_server_stop(struct replay_server *s)
{
	int status = service_stop(&s->service);
	char path[128];

	path_of(s, "recording.json", path);
	unlink(path);
	path_of(s, "log", path);
	unlink(path);
	rmdir(s->dir);
	return status;
}
