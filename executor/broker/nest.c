/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The nest's beginning and its loop: requests of the broker, answers of inits,
 * ends of children. Boxes are made and entered in nest_box.c.
 */
#include "executor/broker/nest.h"

#include "executor/base/clock.h"
#include "executor/base/fd.h"
#include "executor/base/mem.h"
#include "executor/broker/nest_box.h"
#include "executor/broker/wire.h"
#include "executor/jail/hands.h"
#include "executor/jail/userns.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Boxes plus our own two; more and the broker has lost its senses. */
#define POLL_MAX 4096

static void tell(const struct nest *nest, enum wire_op op, uint32_t number,
		 const void *body)
{
	struct wire_out out = { .op = op, .seq = number, .body = body };

	/* a broker that cannot be told anything any more is dead or stuck;
	 * our death tells it everything at once */
	if (wire_send(nest->args->sock, &out, NULL))
		_exit(1);
}

static struct nest_box *find(const struct nest *nest, uint32_t number)
{
	for (struct nest_box *b = nest->boxes; b; b = b->next)
		if (b->number == number)
			return b;
	return NULL;
}

static void on_make(struct nest *nest, struct wire_packet *p)
{
	struct nest_made made = { 0 };
	struct nest_box *b = NULL;
	struct wire_out out = {
		.op = NEST_MADE,
		.seq = p->head.seq,
		.body = &made,
	};

	if (nest_box_make(nest, p, &b, &made.device, &made.err) == 0 &&
	    b->proxy >= 0) {
		out.fds = &b->proxy;
		out.nfds = 1;
	}
	if (wire_send(nest->args->sock, &out, NULL))
		_exit(1);
	if (b)
		fd_close(&b->proxy);
}

static void on_start(struct nest *nest, struct wire_packet *p)
{
	struct nest_box *b = find(nest, p->head.seq);
	struct wire_error answer = { 0 };

	if (!b)
		err_set(&answer.err, ERR_NOT_FOUND, "the box is gone");
	else
		nest_box_start(nest, b, p, &answer.err);
	tell(nest, NEST_STARTED, p->head.seq, &answer);
}

static void on_kill(struct nest *nest, struct wire_packet *p)
{
	struct nest_box *b = find(nest, p->head.seq);
	struct wire_out out = { .op = INIT_KILL };

	if (!b)
		return;
	/* What hangs before it is in its group and has its uid is in nobody's
	 * reach but ours. With a group that is all there is to do; else without
	 * an answer of init's the broker asks again or ends the box. */
	if (b->user > 0)
		kill(b->user, SIGKILL);
	if (!b->attach_count)
		wire_send(b->init_sock, &out, NULL);
}

static void on_end(struct nest *nest, struct wire_packet *p)
{
	struct nest_box *b = find(nest, p->head.seq);

	/* not reaped yet, so the number is still its own */
	if (b && b->init > 0)
		kill(b->init, SIGKILL);
}

static void on_broker(struct nest *nest)
{
	struct wire_packet *p = &nest->packet;
	int op = wire_recv(nest->args->sock, p, NULL);

	if (op == 0 || op == -ERR_INVALID || op == -ERR_SYSTEM)
		_exit(0);
	if (op < 0)
		return;
	switch (op) {
	case NEST_MAKE:
		on_make(nest, p);
		break;
	case NEST_START:
		on_start(nest, p);
		break;
	case NEST_KILL:
		on_kill(nest, p);
		break;
	case NEST_END:
		on_end(nest, p);
		break;
	default:
		_exit(1);
	}
	wire_drop(p);
}

static void on_init(struct nest *nest, struct nest_box *b)
{
	struct wire_packet *p = &nest->packet;
	int op = wire_recv(b->init_sock, p, NULL);

	if (op == INIT_KILLED)
		tell(nest, NEST_KILLED, b->number, &p->nest_killed);
	else if (op != -ERR_BUSY)
		fd_close(&b->init_sock); /* its death is reported by reaping */
	if (op > 0)
		wire_drop(p);
}

/* A dying init closes its socket before the kernel kills its namespace. */
static bool init_died(const struct nest_box *b)
{
	struct pollfd p = { b->init_sock, 0, 0 };

	return b->init_sock < 0 || (poll(&p, 1, 0) == 1 && p.revents & POLLHUP);
}

static int64_t in_ns(struct timeval t)
{
	return t.tv_sec * 1000000000LL + t.tv_usec * 1000LL;
}

static void reaped(struct nest *nest, pid_t pid, int status,
		   const struct rusage *used)
{
	struct nest_ended ended = {
		.wait_status = status,
		.at_ns = clock_now_ns(),
		.cpu_ns = in_ns(used->ru_utime) + in_ns(used->ru_stime),
	};

	for (struct nest_box *b = nest->boxes; b; b = b->next) {
		if (b->user == pid) {
			b->user = 0;
			/* killed because its init died: NEST_GONE tells */
			if (WIFSIGNALED(status) && init_died(b))
				return;
			tell(nest, NEST_ENDED, b->number, &ended);
			return;
		}
		if (b->init == pid) {
			tell(nest, NEST_GONE, b->number, NULL);
			nest_box_free(nest, b);
			return;
		}
	}
	/* a helper: its work was reported by itself */
}

static void reap(struct nest *nest, int signals)
{
	struct signalfd_siginfo info;
	struct rusage used;
	int status;
	pid_t pid;

	while (read(signals, &info, sizeof(info)) > 0)
		;
	while ((pid = wait4(-1, &status, WNOHANG, &used)) > 0)
		reaped(nest, pid, status, &used);
}

static _Noreturn void serve(struct nest *nest, int signals)
{
	struct pollfd *polls = mem_zero(POLL_MAX, sizeof(*polls));
	struct nest_box **owners = mem_zero(POLL_MAX,
					    sizeof(struct nest_box *));

	for (;;) {
		nfds_t n = 2;

		polls[0] = (struct pollfd){ nest->args->sock, POLLIN, 0 };
		polls[1] = (struct pollfd){ signals, POLLIN, 0 };
		for (struct nest_box *b = nest->boxes; b && n < POLL_MAX;
		     b = b->next) {
			owners[n] = b;
			polls[n++] = (struct pollfd){ b->init_sock, POLLIN, 0 };
		}
		if (poll(polls, n, -1) < 0 && errno != EINTR)
			_exit(1);
		for (nfds_t i = 2; i < n; i++)
			if (polls[i].revents)
				on_init(nest, owners[i]);
		/* ends before starts: `owners` is not used after this */
		if (polls[1].revents)
			reap(nest, signals);
		if (polls[0].revents)
			on_broker(nest);
	}
}

/* Everything but our own three and 0-2 stays with the broker. */
static void close_others(const struct nest_args *a, int signals)
{
	int keep[3] = { a->sock, a->go, signals };

	for (int i = 0; i < 3; i++)
		for (int j = i + 1; j < 3; j++)
			if (keep[j] < keep[i]) {
				int t = keep[i];

				keep[i] = keep[j];
				keep[j] = t;
			}
	unsigned from = 3;
	for (int i = 0; i < 3; i++) {
		if ((unsigned)keep[i] > from)
			close_range(from, (unsigned)keep[i] - 1, 0);
		from = (unsigned)keep[i] + 1;
	}
	close_range(from, ~0U, 0);
}

static int build_root(struct nest *nest, struct err *err)
{
	const struct nest_args *a = nest->args;
	_auto_free_ struct plan *plan = mem_new(struct plan);
	const struct limits none = { 0 };
	struct hands h = {
		.host = -1, .ruleset = -1, .report = -1, .watch = a->watch
	};
	char byte;

	if (read(a->go, &byte, 1) != 1)
		return err_set(err, ERR_INTERNAL, "the broker gave up");
	/* 0 is mapped now; until here our ids had no number */
	int rc = userns_become(0, !machine_own_uids(a->machine), err);
	if (rc)
		return rc;
	/* After the last change of ids, which clears both. Dumpable, because
	 * else the map files of boxes belong to the host's root; nothing in a
	 * box can see us. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0 ||
	    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) < 0)
		return err_sys(err, errno, "preparing the nest");
	/* Where ours cannot be mounted the host's stays open to us: the maps
	 * of boxes are written through it. No box gets the descriptor. */
	const int flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
	if (!a->machine->proc_visible)
		nest->proc = open("/proc", flags);
	rc = plan_make(plan, a->profile, &none, a->machine, err);
	if (!rc)
		rc = hands_run(plan, PLAN_ROOT, &h, err);
	if (!rc && nest->proc < 0)
		nest->proc = open("/proc", flags);
	if (!rc && nest->proc < 0)
		rc = err_sys(err, errno, "opening /proc");
	return rc;
}

_Noreturn void nest_main(const struct nest_args *args)
{
	struct nest *nest = mem_new(struct nest);
	struct wire_error ready = { 0 };
	sigset_t set;

	/* modes are as the plan and the front say */
	umask(0);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_SETMASK, &set, NULL);
	int signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (signals < 0)
		_exit(1);
	close_others(args, signals);
	nest->args = args;
	nest->proc = -1;
	int rc = build_root(nest, &ready.err);
	nest->stack = mmap(NULL, NEST_STACK, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
	if (!rc && nest->stack == MAP_FAILED)
		rc = err_sys(&ready.err, errno, "making a stack");
	tell(nest, NEST_READY, 0, &ready);
	if (rc)
		_exit(1);
	prctl(PR_SET_NAME, "coop-nest");
	serve(nest, signals);
}
