/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * A server program of a test: it prints "listening PORT" on its standard
 * output, and ends when its standard input closes.
 */
#include <sys/types.h>

struct service {
	pid_t pid;
	int input;
	int port;
};

/* Starts argv[0] (a path) and waits for its port; a failure ends the test. */
void service_start(struct service *s, char *const argv[]);

/* Ends it; its exit status, -1 when a signal ended it. */
int service_stop(struct service *s);
