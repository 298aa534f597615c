/* SPDX-License-Identifier: Apache-2.0 */
/* Starting and ending a server program. */
#include "tests/support/service.h"

#include "executor/base/fd.h"
#include "tests/tap.h"

#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void spawn(struct service *s, char *const argv[], int in, int out)
{
	posix_spawn_file_actions_t actions;
	int rc;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, in, 0);
	posix_spawn_file_actions_adddup2(&actions, out, 1);
	rc = posix_spawn(&s->pid, argv[0], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	REQUIRE(rc == 0);
}

void service_start(struct service *s, char *const argv[])
{
	char line[64] = "";
	int in[2], out[2];
	ssize_t n;

	REQUIRE(fd_pipe(in, NULL) == 0);
	REQUIRE(fd_pipe(out, NULL) == 0);
	spawn(s, argv, in[0], out[1]);
	fd_close(&in[0]);
	fd_close(&out[1]);
	s->input = in[1];
	n = fd_read_all(out[0], line, 11, NULL);
	REQUIRE(n == 11 && strncmp(line, "listening ", 10) == 0);
	while (n < 60 && line[n - 1] != '\n' && read(out[0], line + n, 1) == 1)
		n++;
	fd_close(&out[0]);
	s->port = (int)strtol(line + 10, NULL, 10);
}

int service_stop(struct service *s)
{
	int status = 0;

	fd_close(&s->input);
	waitpid(s->pid, &status, 0);
	s->pid = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
