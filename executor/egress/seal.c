/* SPDX-License-Identifier: Apache-2.0 */
/* The order: mounts while we may, identity, capabilities, Landlock, filter. */
#include "executor/egress/seal.h"

#include "executor/base/fd.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/egress/seal_calls.h"
#include "executor/jail/caps.h"
#include "executor/jail/landlock.h"
#include "executor/jail/mounts.h"
#include "executor/jail/uids.h"
#include "executor/jail/userns.h"

#include <errno.h>
#include <limits.h>
#include <linux/landlock.h>
#include <linux/securebits.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Where name services keep what they read; absent ones are passed over. */
static const char *const resolver_reads[] = {
	"/etc",
	"/lib",
	"/lib64",
	"/usr/lib",
	"/usr/lib64",
	"/usr/share/zoneinfo",
	"/run/systemd/resolve",
	"/run/systemd/machines",
	"/run/resolvconf",
	"/run/NetworkManager",
	"/run/connman",
	"/run/nscd",
	"/var/lib/misc",
};

/* A root folder with nothing in it that nobody can write. Without the right to
 * make one the other walls hold alone. */
static void empty_root(void)
{
	const unsigned long flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;

	if (mounts_private("/", NULL) ||
	    mount("coop", "/tmp", "tmpfs", flags, "size=4k,nr_inodes=4") < 0)
		return;
	if (chdir("/tmp") < 0 || syscall(SYS_pivot_root, ".", ".") < 0 ||
	    umount2(".", MNT_DETACH) < 0 || chdir("/") < 0)
		return;
	mount(NULL, "/", NULL, MS_REMOUNT | MS_RDONLY | flags, NULL);
}

/* Namespaces of its own; for others than root by way of a user namespace. */
static bool leave_namespaces(bool root)
{
	const int flags = CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS;
	struct userns_map map = {
		.inside = geteuid(),
		.outside_uid = geteuid(),
		.outside_gid = getegid(),
		.count = 1,
		.deny_groups = true,
	};

	if (root)
		return unshare(flags) == 0;
	return unshare(flags | CLONE_NEWUSER) == 0 &&
	       userns_write(-1, getpid(), &map, NULL) == 0;
}

static int change_identity(struct err *err)
{
	int rc;

	/* else the change of uid takes the right to empty the other sets */
	if (prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0) < 0)
		return err_sys(err, errno, "keeping capabilities");
	rc = userns_become(UIDS_BASE + UIDS_EGRESS, false, err);
	return rc ? rc : caps_drop(err);
}

/* The folder that resolv.conf really lies in, where it is a link. */
static void allow_resolv_conf(int ruleset, int abi)
{
	char real[PATH_MAX], *slash;

	if (!realpath("/etc/resolv.conf", real))
		return;
	slash = strrchr(real, '/');
	if (!slash || slash == real)
		return; /* never all of the tree */
	*slash = '\0';
	landlock_allow(ruleset, abi, real, "read", NULL);
}

static int restrict_files(enum seal_view view, struct err *err)
{
	int abi = (int)syscall(SYS_landlock_create_ruleset, NULL, 0,
			       LANDLOCK_CREATE_RULESET_VERSION);
	_auto_close_ int ruleset = -1;

	if (abi < 1)
		return 0;
	ruleset = landlock_begin(abi, err);
	if (ruleset < 0)
		return ruleset;
	if (view == SEAL_RESOLVER) {
		for (size_t i = 0; i < ARRAY_LEN(resolver_reads); i++)
			landlock_allow(ruleset, abi, resolver_reads[i], "read",
				       NULL);
		allow_resolv_conf(ruleset, abi);
	}
	return landlock_enforce(ruleset, err);
}

/* No core of other people's traffic; the proxy makes no process, either. */
static int restrict_resources(enum seal_view view, struct err *err)
{
	const struct rlimit none = { 0, 0 };

	if (setrlimit(RLIMIT_CORE, &none) < 0 ||
	    (view == SEAL_PROXY && setrlimit(RLIMIT_NPROC, &none) < 0))
		return err_sys(err, errno, "lowering limits");
	return 0;
}

int seal_enter(enum seal_view view, struct err *err)
{
	bool root = geteuid() == 0;
	int rc = 0;

	if (view == SEAL_PROXY && leave_namespaces(root))
		empty_root();
	if (root)
		rc = change_identity(err);
	else
		/* none to begin with, or those of a namespace that we have
		 * just made; where they cannot be dropped there are none */
		caps_drop(NULL);
	if (!rc)
		rc = caps_no_new_privs(err);
	/* after the last change of uid, which clears it */
	if (!rc && (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0 ||
		    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0))
		rc = err_sys(err, errno, "sealing the proxy");
	if (!rc)
		rc = restrict_files(view, err);
	if (!rc)
		rc = restrict_resources(view, err);
	return rc ? rc : seal_calls_load(view, err);
}
