/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libexec/coop/broker: started by a front with its socket as descriptor 3 and
 * the share folder as only argument. Says nothing on its own: what goes wrong
 * is told over the socket, or by its death.
 */
#include "executor/broker/broker.h"

#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#define FRONT_FD 3

extern char **environ;

/* argv and environment lie in one piece; its end is the last string's. */
static size_t title_length(char **argv)
{
	char *end = argv[0] + strlen(argv[0]) + 1;

	for (char **s = argv; *s; s++)
		if (*s == end || *s == argv[0])
			end = *s + strlen(*s) + 1;
	for (char **s = environ; *s; s++)
		if (*s == end)
			end = *s + strlen(*s) + 1;
	return (size_t)(end - argv[0]);
}

/* The proxy's program stands beside ours. */
static bool find_egress(char path[PATH_MAX])
{
	static const char name[] = "egress";
	ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - 1);
	char *slash;

	if (n <= 0)
		return false;
	path[n] = '\0';
	slash = strrchr(path, '/');
	if (!slash || (size_t)(path + PATH_MAX - slash) <= sizeof(name) + 1)
		return false;
	memcpy(slash + 1, name, sizeof(name));
	return true;
}

int main(int argc, char **argv)
{
	struct broker_serve_options options = { .front = FRONT_FD };
	char egress[PATH_MAX];

	if (argc != 2 || fcntl(FRONT_FD, F_SETFD, FD_CLOEXEC) < 0)
		return 125;
	/* nothing that the starter forgot to close gets near a box */
	close_range(FRONT_FD + 1, ~0U, 0);
	options.share = argv[1];
	options.egress = find_egress(egress) ? egress : NULL;
	options.title = argv[0];
	options.title_len = title_length(argv);
	return broker_serve(&options, NULL) ? 125 : 0;
}
