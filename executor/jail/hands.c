/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One function per kind of step, each a line or two around the file of its kernel
 * feature. The order is the plan's.
 */
#include "executor/jail/hands.h"

#include "executor/base/fd.h"
#include "executor/jail/caps.h"
#include "executor/jail/landlock.h"
#include "executor/jail/mounts.h"
#include "executor/jail/loopback.h"
#include "executor/jail/rlimits.h"
#include "executor/jail/sysfilter.h"
#include "executor/jail/userns.h"
#include "executor/profile/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define REPORT_FD 3
#define KERNEL_SIGNALS 64
#define SIGNAL_SET_BYTES 8

typedef int hand_fn(const struct step *s, struct hands *h, struct err *err);

static int do_private(const struct step *s, struct hands *h, struct err *err)
{
	return mounts_private(s->path, err);
}

static int do_newroot(const struct step *s, struct hands *h, struct err *err)
{
	return mounts_newroot(s->path, PLAN_HOST, s->n, s->m, &h->host, err);
}

static int do_dir(const struct step *s, struct hands *h, struct err *err)
{
	return mounts_dir(s->path, (unsigned)s->n, err);
}

static int do_file(const struct step *s, struct hands *h, struct err *err)
{
	return mounts_file(s->path, s->arg, err);
}

static int do_link(const struct step *s, struct hands *h, struct err *err)
{
	return mounts_link(s->path, s->arg, err);
}

static int do_bind(const struct step *s, struct hands *h, struct err *err)
{
	return mounts_bind(h->host, s->path, s->n != 0, err);
}

static int do_device(const struct step *s, struct hands *h, struct err *err)
{
	return mounts_device(h->host, s->path, err);
}

static int do_proc(const struct step *s, struct hands *h, struct err *err)
{
	return mounts_proc(s->path, s->arg, err);
}

static int do_leave(const struct step *s, struct hands *h, struct err *err)
{
	fd_close(&h->host);
	return mounts_leave(s->path, err);
}

static int do_readonly(const struct step *s, struct hands *h, struct err *err)
{
	return mounts_readonly(s->path, err);
}

static int do_store(const struct step *s, struct hands *h, struct err *err)
{
	return mounts_store(s->path, s->n, s->m, PLAN_UID, err);
}

static int do_share(const struct step *s, struct hands *h, struct err *err)
{
	return mounts_share(s->path, s->arg, (unsigned)s->n, PLAN_UID, err);
}

static int do_seal(const struct step *s, struct hands *h, struct err *err)
{
	return mounts_seal(s->path, err);
}

static int do_quota(const struct step *s, struct hands *h, struct err *err)
{
	return userns_quota(s->path, s->n, err);
}

static int do_mask(const struct step *s, struct hands *h, struct err *err)
{
	return mounts_mask(s->path, err);
}

static int do_loopback(const struct step *s, struct hands *h, struct err *err)
{
	return loopback_up(err);
}

static int do_proxy(const struct step *s, struct hands *h, struct err *err)
{
	int sock = loopback_listen((uint16_t)s->n, err);

	if (sock < 0)
		return sock;
	h->proxy = sock;
	return 0;
}

static int do_hostname(const struct step *s, struct hands *h, struct err *err)
{
	if (sethostname(s->arg, strlen(s->arg)) < 0)
		return err_sys(err, errno, "setting the host name");
	return 0;
}

static int do_attach(const struct step *s, struct hands *h, struct err *err)
{
	for (unsigned i = 0; i < h->attach_count; i++)
		if (write(h->attach[i], "0", 1) < 0)
			return err_sys(err, errno, "entering the box's group");
	return 0;
}

static int do_groupview(const struct step *s, struct hands *h, struct err *err)
{
	/* after entering the group, so that it is the root that is seen */
	if (unshare(CLONE_NEWCGROUP) < 0)
		return err_sys(err, errno, "making a cgroup namespace");
	return 0;
}

static int do_session(const struct step *s, struct hands *h, struct err *err)
{
	static const char zeroed[64]; /* a struct sigaction: SIG_DFL */
	sigset_t none;

	if (setsid() < 0)
		return err_sys(err, errno, "starting a session");
	/* The call itself: the C library hides two signals of its own, which
	 * whoever started us may have left ignored. KILL and STOP fail, as
	 * they should. */
	for (int sig = 1; sig <= KERNEL_SIGNALS; sig++)
		syscall(SYS_rt_sigaction, sig, zeroed, NULL, SIGNAL_SET_BYTES);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	umask(022);
	return 0;
}

static int do_stdio(const struct step *s, struct hands *h, struct err *err)
{
	for (int i = 0; i < 3; i++) {
		/* sources lie above 2, so none is overwritten unread */
		if (h->stdio[i] <= 2)
			return err_set(err, ERR_INTERNAL,
				       "a descriptor below 3");
		if (dup2(h->stdio[i], i) < 0)
			return err_sys(err, errno, "placing descriptor %d", i);
	}
	if (h->report != REPORT_FD && dup3(h->report, REPORT_FD, O_CLOEXEC) < 0)
		return err_sys(err, errno, "placing the report");
	h->report = REPORT_FD;
	if (close_range(REPORT_FD + 1, ~0U, 0) < 0)
		return err_sys(err, errno, "closing descriptors");
	return 0;
}

static int do_cwd(const struct step *s, struct hands *h, struct err *err)
{
	char now[64];

	if (chdir(s->path) < 0)
		return err_sys(err, errno, "entering %s", s->path);
	/* outside of the root the kernel says "(unreachable)…" */
	if (!getcwd(now, sizeof(now)) || strcmp(now, s->path) != 0)
		return err_set(err, ERR_INTERNAL,
			       "%s is not where it should "
			       "be",
			       s->path);
	return 0;
}

static int do_rlimit(const struct step *s, struct hands *h, struct err *err)
{
	return rlimits_set(s->arg, s->n, err);
}

static int do_ids(const struct step *s, struct hands *h, struct err *err)
{
	int rc = userns_become((uint32_t)s->n, s->arg != NULL, err);

	/* Until exec we hold the nest's memory, and programs of the same box
	 * have our uid now. Changing it hides us unless fs.suid_dumpable says
	 * otherwise; exec makes us visible again. */
	if (!rc && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		rc = err_sys(err, errno, "hiding before exec");
	return rc;
}

static int do_caps(const struct step *s, struct hands *h, struct err *err)
{
	return caps_drop(err);
}

static int do_nnp(const struct step *s, struct hands *h, struct err *err)
{
	return caps_no_new_privs(err);
}

static int do_allow(const struct step *s, struct hands *h, struct err *err)
{
	if (h->ruleset < 0)
		h->ruleset = landlock_begin((int)s->n, err);
	if (h->ruleset < 0)
		return h->ruleset;
	return landlock_allow(h->ruleset, (int)s->n, s->path, s->arg, err);
}

static int do_landlock(const struct step *s, struct hands *h, struct err *err)
{
	int rc = landlock_enforce(h->ruleset, err);

	fd_close(&h->ruleset);
	return rc;
}

static int do_seccomp(const struct step *s, struct hands *h, struct err *err)
{
	/* an outer listener forbids ours: then refusals have no name */
	if (s->n && h->letter) {
		h->letter->sock = h->report;
		h->listener = denied_load(h->letter, h->filter->code,
					  h->filter->len, NULL);
		if (h->listener >= 0)
			return 0;
	}
	return sysfilter_load(h->filter->code, h->filter->len, err);
}

static int do_init(const struct step *s, struct hands *h, struct err *err)
{
	int rc = userns_become((uint32_t)s->n, s->arg != NULL, err);

	if (!rc)
		rc = caps_drop(err);
	if (!rc)
		rc = caps_no_new_privs(err);
	if (rc)
		return rc;
	/* after the last change of uid, which clears it */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0 ||
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return err_sys(err, errno, "hiding init");
	return 0;
}

/* NULL: done by another process. Namespaces and maps by the nest, limits by
 * the broker, exec by the caller, who must say how it failed. */
static hand_fn *const hand_table[STEP_COUNT] = {
	[STEP_PRIVATE] = do_private,   [STEP_NEWROOT] = do_newroot,
	[STEP_DIR] = do_dir,           [STEP_FILE] = do_file,
	[STEP_LINK] = do_link,         [STEP_BIND] = do_bind,
	[STEP_DEVICE] = do_device,     [STEP_PROC] = do_proc,
	[STEP_LEAVE] = do_leave,       [STEP_READONLY] = do_readonly,
	[STEP_STORE] = do_store,       [STEP_SHARE] = do_share,
	[STEP_SEAL] = do_seal,         [STEP_QUOTA] = do_quota,
	[STEP_BOX_PROC] = do_proc,     [STEP_MASK] = do_mask,
	[STEP_LOOPBACK] = do_loopback, [STEP_PROXY] = do_proxy,
	[STEP_HOSTNAME] = do_hostname, [STEP_INIT] = do_init,
	[STEP_ATTACH] = do_attach,     [STEP_GROUPVIEW] = do_groupview,
	[STEP_SESSION] = do_session,   [STEP_STDIO] = do_stdio,
	[STEP_CWD] = do_cwd,           [STEP_RLIMIT] = do_rlimit,
	[STEP_IDS] = do_ids,           [STEP_CAPS] = do_caps,
	[STEP_ALLOW] = do_allow,       [STEP_LANDLOCK] = do_landlock,
	[STEP_NNP] = do_nnp,           [STEP_SECCOMP] = do_seccomp,
};

int hands_run(const struct plan *plan, enum plan_phase phase, struct hands *h,
	      struct err *err)
{
	for (unsigned i = plan->first[phase]; i < plan->first[phase + 1]; i++) {
		const struct step *s = &plan->steps[i];
		hand_fn *fn = hand_table[s->kind];

		if (h->watch)
			h->watch(phase, i);
		int rc = fn ? fn(s, h, err) : 0;

		if (rc) {
			err_field(err, "%s/%s", plan_phase_name(phase),
				  step_name(s->kind));
			return rc;
		}
	}
	return 0;
}
