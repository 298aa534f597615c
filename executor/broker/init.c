/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Waiting for the front and the nest, and the few things done for them at once.
 * File requests are init_files.c.
 */
#include "executor/broker/init.h"

#include "executor/base/fd.h"
#include "executor/broker/init_files.h"
#include "executor/broker/wire.h"
#include "executor/jail/sysfilter.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

static void on_front(int front)
{
	struct wire_packet p;
	int op = wire_recv(front, &p, NULL);

	if (op == -ERR_BUSY)
		return;
	/* end of file: the front is gone, or sends what is not ours */
	if (op <= 0)
		_exit(0);
	if (init_files_serve(front, &p) < 0)
		_exit(0);
}

static void on_nest(int nest)
{
	struct nest_killed killed = { 0 };
	struct wire_out out = { .op = INIT_KILLED, .body = &killed };
	struct wire_packet p;
	int op = wire_recv(nest, &p, NULL);

	if (op == -ERR_BUSY)
		return;
	if (op != INIT_KILL)
		_exit(0);
	/* everything in our pid namespace but ourselves, all at once: a fork
	 * under way is cut by the pending signal */
	kill(-1, SIGKILL);
	killed.empty = kill(-1, 0) < 0 && errno == ESRCH;
	wire_send(nest, &out, NULL);
}

static void keep_two(int a, int b)
{
	int low = a < b ? a : b, high = a < b ? b : a;

	if (low > 3)
		close_range(3, (unsigned)low - 1, 0);
	if (high > low + 1)
		close_range((unsigned)low + 1, (unsigned)high - 1, 0);
	close_range((unsigned)high + 1, ~0U, 0);
}

_Noreturn void init_main(int front, int nest, bool openat2)
{
	struct pollfd polls[2] = { { front, POLLIN, 0 }, { nest, POLLIN, 0 } };
	sigset_t all;

	keep_two(front, nest);
	prctl(PR_SET_NAME, "init");
	/* User code may send any signal; ignoring SIGCHLD makes the kernel
	 * reap orphans by itself. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	signal(SIGCHLD, SIG_IGN);
	if (sysfilter_load_init(openat2, NULL))
		_exit(1);
	for (;;) {
		if (poll(polls, 2, -1) < 0 && errno != EINTR)
			_exit(1);
		if (polls[1].revents)
			on_nest(nest);
		if (polls[0].revents)
			on_front(front);
	}
}
