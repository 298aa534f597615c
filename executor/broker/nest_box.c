/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Making a box and starting a program in it: the only code that runs in new
 * namespaces before user code does. What it does there are the plan's steps.
 */
#include "executor/broker/nest_box.h"

#include "executor/base/clock.h"
#include "executor/base/fd.h"
#include "executor/base/mem.h"
#include "executor/broker/init.h"
#include "executor/broker/command.h"
#include "executor/jail/hands.h"
#include "executor/jail/userns.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define BOX_NAMESPACES                                                         \
	(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC |           \
	 CLONE_NEWUTS | CLONE_NEWNET | CLONE_NEWCGROUP)

static const char *const ns_names[BOX_NS_COUNT] = {
	"user", "mnt", "ipc", "uts", "net", "pid",
};

static pid_t clone_plain(uint64_t flags, int signal, int cgroup)
{
	struct clone_args args = {
		.flags = flags,
		.exit_signal = (uint64_t)signal,
	};

	if (cgroup >= 0) {
		args.flags |= CLONE_INTO_CGROUP;
		args.cgroup = (uint64_t)cgroup;
	}
	return (pid_t)syscall(SYS_clone3, &args, sizeof(args));
}

/* ---- becoming init ---- */

static int open_namespaces(int proc, int fds[BOX_NS_COUNT], struct err *err)
{
	char path[32];

	for (int i = 0; i < BOX_NS_COUNT; i++) {
		snprintf(path, sizeof(path), "self/ns/%s", ns_names[i]);
		fds[i] = openat(proc, path, O_RDONLY | O_CLOEXEC);
		if (fds[i] < 0)
			return err_sys(err, errno, "opening %s", path);
	}
	return 0;
}

/* The number that the nest's proc knows us by: not always the one that the
 * nest's pid namespace has. */
static void say_number(int proc, int report)
{
	char text[16] = "";
	struct init_born born = { 0 };
	struct wire_out out = { .op = INIT_BORN, .body = &born };

	if (readlinkat(proc, "self", text, sizeof(text) - 1) > 0)
		born.pid = (int32_t)strtol(text, NULL, 10);
	if (wire_send(report, &out, NULL))
		_exit(1);
}

static _Noreturn void become_init(const struct nest *nest,
				  const struct plan *plan, int go, int report,
				  int front)
{
	struct hands h = {
		.host = -1,
		.ruleset = -1,
		.report = -1,
		.watch = nest->args->watch,
	};
	struct nest_made made = { 0 };
	int fds[BOX_NS_COUNT + 1];
	struct stat st;
	char byte;

	say_number(nest->proc, report);
	/* maps first; end of file: the nest gave up */
	if (read(go, &byte, 1) != 1)
		_exit(1);
	int rc = open_namespaces(nest->proc, fds, &made.err);
	if (!rc)
		rc = hands_run(plan, PLAN_BOX, &h, &made.err);
	if (!rc && stat("/workspace", &st) < 0)
		rc = err_sys(&made.err, errno, "looking at /workspace");
	if (!rc)
		made.device = st.st_dev;
	fds[BOX_NS_COUNT] = h.proxy;
	struct wire_out out = {
		.op = INIT_READY,
		.body = &made,
		.fds = fds,
		.nfds = rc ? 0 : BOX_NS_COUNT + (h.proxy > 0),
	};
	if (wire_send(report, &out, NULL) || rc)
		_exit(1);
	memset(nest->args->title, 0, nest->args->title_len);
	init_main(front, report, nest->args->machine->openat2);
}

static int hear_init(int sock, enum wire_op want, struct wire_packet *p,
		     struct err *err)
{
	int op = wire_recv(sock, p, err);

	if (op == 0)
		return err_set(err, ERR_INTERNAL, "a new box died");
	if (op < 0)
		return op;
	if (op == (int)want)
		return 0;
	wire_drop(p);
	return err_set(err, ERR_INTERNAL, "a new box says %s",
		       wire_op_name((enum wire_op)op));
}

static int map_init(const struct nest *nest, int sock,
		    const struct userns_map *map, struct err *err)
{
	struct wire_packet p;
	int rc = hear_init(sock, INIT_BORN, &p, err);

	return rc ? rc : userns_write(nest->proc, p.born.pid, map, err);
}

static int read_init(int sock, struct nest_box *b, uint64_t *device,
		     struct err *err)
{
	unsigned fds = BOX_NS_COUNT + (plan_has_proxy(&b->plan) ? 1U : 0U);
	struct wire_packet p;
	int rc = hear_init(sock, INIT_READY, &p, err);

	if (!rc && p.nest_made.err.code) {
		*err = p.nest_made.err;
		rc = -(int)err->code;
	} else if (!rc && p.nfds != fds) {
		rc = err_set(err, ERR_INTERNAL, "a new box lacks namespaces");
	}
	if (rc) {
		wire_drop(&p);
		return rc;
	}
	memcpy(b->ns, p.fds, sizeof(b->ns));
	if (p.nfds > BOX_NS_COUNT)
		b->proxy = p.fds[BOX_NS_COUNT];
	*device = p.nest_made.device;
	return 0;
}

/* Clones the future init, maps its ids, lets it build, hears how it went. */
static int make_init(struct nest *nest, struct nest_box *b, uint32_t uid,
		     int front, uint64_t *device, struct err *err)
{
	struct userns_map map = {
		.inside = PLAN_UID,
		.outside_uid = uid,
		.outside_gid = uid,
		.count = 1,
	};
	int go[2], pair[2];
	int rc = fd_pipe(go, err);

	if (rc)
		return rc;
	rc = fd_socketpair(pair, err);
	if (rc) {
		fd_close(&go[0]);
		fd_close(&go[1]);
		return rc;
	}
	b->init = clone_plain(BOX_NAMESPACES, SIGCHLD, -1);
	if (b->init == 0) {
		close(go[1]);
		become_init(nest, &b->plan, go[0], pair[1], front);
	}
	if (b->init < 0)
		rc = err_sys(err, errno, "making the namespaces of a box");
	fd_close(&pair[1]); /* so that its death is an end of file */
	if (!rc)
		rc = map_init(nest, pair[0], &map, err);
	if (!rc)
		rc = fd_write_all(go[1], "x", 1, err);
	fd_close(&go[0]);
	fd_close(&go[1]);
	b->init_sock = pair[0];
	return rc ? rc : read_init(pair[0], b, device, err);
}

int nest_box_make(struct nest *nest, struct wire_packet *p,
		  struct nest_box **out, uint64_t *device, struct err *err)
{
	struct nest_box *b = mem_new(struct nest_box);
	int front = fd_take(&p->fds[0]);

	b->number = p->head.seq;
	b->init = -1;
	b->init_sock = -1;
	b->proxy = -1;
	for (int i = 0; i < BOX_NS_COUNT; i++)
		b->ns[i] = -1;
	b->attach_count = p->nfds - 1;
	for (unsigned i = 0; i < b->attach_count; i++)
		b->attach[i] = fd_take(&p->fds[i + 1]);
	b->next = nest->boxes;
	nest->boxes = b;
	int rc = plan_make(&b->plan, nest->args->profile, &p->nest_make.limits,
			   nest->args->machine, err);
	if (p->nest_make.no_network)
		plan_close_network(&b->plan);
	if (!rc)
		rc = make_init(nest, b, p->nest_make.uid, front, device, err);
	fd_close(&front);
	if (!rc) {
		*out = b;
		return 0;
	}
	if (b->init > 0) {
		/* nobody else is in it, so waiting cannot take long */
		kill(b->init, SIGKILL);
		while (waitpid(b->init, NULL, 0) < 0 && errno == EINTR)
			;
	}
	nest_box_free(nest, b);
	return rc;
}

void nest_box_free(struct nest *nest, struct nest_box *b)
{
	struct nest_box **at = &nest->boxes;

	while (*at && *at != b)
		at = &(*at)->next;
	if (*at)
		*at = b->next;
	fd_close(&b->init_sock);
	fd_close(&b->proxy);
	for (int i = 0; i < BOX_NS_COUNT; i++)
		fd_close(&b->ns[i]);
	for (unsigned i = 0; i < b->attach_count; i++)
		fd_close(&b->attach[i]);
	mem_free(b);
}

/* ---- starting a program ---- */

/* What helper and program get; the helper answers in it (shared memory). */
struct lend {
	struct nest *nest;
	struct nest_box *box;
	struct hands hands;
	int argv;      /* memfd */
	bool by_clone; /* v2: born in the group */
	pid_t user;
	struct err err;
};

/* A failure, or, with code 0, that exec is next. write(2) and nothing else:
 * the profile's filter is loaded by now. */
static void report(int sock, const struct wire_report *r)
{
	fd_write_all(sock, r, sizeof(*r), NULL);
}

static _Noreturn void run_program(struct lend *l)
{
	struct wire_report r = { .magic = WIRE_MAGIC };
	struct hands *h = &l->hands;
	struct denied_letter letter;
	struct command program;
	int rc = command_read(l->argv, &program, &r.err);

	denied_prepare(&letter, h->report, &r, sizeof(r));
	h->letter = &letter;
	if (!rc)
		rc = hands_run(&l->box->plan, PLAN_PROCESS, h, &r.err);
	if (!rc) {
		r.at_ns = clock_now_ns();
		if (h->listener < 0)
			report(h->report, &r);
		else if (denied_send(&letter, h->listener))
			_exit(127); /* unheard, a refusal would hang us */
		command_exec(&program, &r.err);
	}
	report(h->report, &r);
	_exit(127);
}

static int join_box(const struct nest_box *b, struct err *err)
{
	/* the user namespace first: it gives the rights for the others */
	for (int i = BOX_NS_USER; i <= BOX_NS_PID; i++)
		if (setns(b->ns[i], 0) < 0)
			return err_sys(err, errno,
				       "joining the %s namespace "
				       "of a box",
				       ns_names[i]);
	return 0;
}

/* Runs on its own stack in our memory while we stand still. */
static int helper(void *arg)
{
	struct lend *l = arg;

	if (join_box(l->box, &l->err))
		_exit(1);
	/* the nest becomes the parent, so that it can reap it */
	l->user = clone_plain(CLONE_PARENT, 0,
			      l->by_clone ? l->box->attach[0] : -1);
	if (l->user == 0)
		run_program(l);
	if (l->user < 0)
		err_sys(&l->err, errno, "starting a process in the box");
	_exit(0);
}

int nest_box_start(struct nest *nest, struct nest_box *b,
		   const struct wire_packet *p, struct err *err)
{
	struct lend l = {
		.nest = nest,
		.box = b,
		.argv = p->fds[3],
		.hands = {
			.host = -1,
			.attach = b->attach,
			.attach_count = b->attach_count,
			.stdio = { p->fds[0], p->fds[1], p->fds[2] },
			.ruleset = -1,
			.listener = -1,
			.report = p->fds[4],
			.filter = nest->args->filter,
			.watch = nest->args->watch,
		},
	};

	if (b->user)
		return err_set(err, ERR_CONFLICT, "a program is running");
	/* one folder instead of `tasks` files */
	struct stat st;
	l.by_clone = b->attach_count == 1 && fstat(b->attach[0], &st) == 0 &&
		     S_ISDIR(st.st_mode);
	if (l.by_clone)
		l.hands.attach_count = 0;
	pid_t pid = clone(helper, nest->stack + NEST_STACK,
			  CLONE_VM | CLONE_VFORK | SIGCHLD, &l);
	if (pid < 0)
		return err_sys(err, errno, "starting a helper");
	if (l.err.code) {
		*err = l.err;
		return -(int)err->code;
	}
	b->user = l.user;
	return 0;
}
