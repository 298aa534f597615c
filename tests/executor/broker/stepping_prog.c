/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The broker's program, but one that stands still before one step of the plan, in
 * whichever process that step is for, so that it can be killed just there.
 */
#include "executor/broker/broker.h"
#include "tests/executor/broker/stepping.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define FRONT_FD 3

static struct stepping *shared;

static void before_step(enum plan_phase phase, unsigned index)
{
	const struct timespec long_time = { .tv_sec = 1000 };
	int32_t i = (int32_t)index;

	if (!shared->end[phase])
		shared->first[phase] = i;
	if (i >= shared->end[phase])
		shared->end[phase] = i + 1;
	if ((int32_t)phase != shared->phase || i != shared->index)
		return;
	__atomic_store_n(&shared->reached, 1, __ATOMIC_RELEASE);
	for (;;)
		nanosleep(&long_time, NULL);
}

int main(int argc, char **argv)
{
	struct broker_serve_options options = { .front = FRONT_FD };
	const char *state = getenv("COOP_STATE");
	char title[1] = "", path[400];

	if (argc != 2 || !state || fcntl(FRONT_FD, F_SETFD, FD_CLOEXEC) < 0)
		return 125;
	close_range(FRONT_FD + 1, ~0U, 0);
	snprintf(path, sizeof(path), STEPPING_FILE, state);
	int fd = open(path, O_RDWR | O_CLOEXEC);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED,
		      fd, 0);
	if (fd < 0 || shared == MAP_FAILED)
		return 125;
	close(fd);
	shared->broker = getpid();
	options.share = argv[1];
	options.title = title;
	options.title_len = sizeof(title);
	options.watch = before_step;
	return broker_serve(&options, NULL) ? 125 : 0;
}
