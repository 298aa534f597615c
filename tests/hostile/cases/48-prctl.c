/* SPDX-License-Identifier: Apache-2.0 */
/* What prctl and seccomp could loosen, and that a filter of our own only ever
 * tightens. */
#include "probe.h"
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/wait.h>

static struct sock_filter allow_all[] = {
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
};

/* TRACE and USER_NOTIF instead of our errno would let a helper decide. */
static struct sock_filter trace_all[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mount, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
};

static void add_filter(struct sock_filter *code, unsigned short len)
{
	struct sock_fprog prog = { len, code };

	prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog, 0, 0);
	REFUSED("mount under one more filter",
		syscall(SYS_mount, "t", "/tmp", "tmpfs", 0, 0), EPERM, ENOSYS);
	REFUSED("unshare under one more filter",
		syscall(SYS_unshare, 0x10000000), EPERM);
}

int main(void)
{
	int status;

	REFUSED("no_new_privs off", prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0),
		EINVAL);
	REFUSED("securebits", prctl(PR_SET_SECUREBITS, 1, 0, 0, 0), EPERM);
	for (int what = 1; what < 15; what++)
		REFUSED("PR_SET_MM", prctl(PR_SET_MM, what, 4096, 0, 0), EPERM,
			EINVAL);
	REFUSED("keep an ambient capability",
		prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 21, 0, 0), EPERM,
		EINVAL);
	REFUSED("seccomp", syscall(SYS_seccomp, 1, 8, NULL), EPERM, ENOSYS);
	if (fork() == 0) {
		add_filter(allow_all, 1);
		add_filter(trace_all, 4);
		_exit(probe_broken > 0);
	}
	wait(&status);
	HOLDS("filters only tighten", status == 0);
	/* to be seen by others as one of Coop's own: a name only */
	prctl(PR_SET_NAME, "coop", 0, 0, 0);
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	HOLDS("still no capability", prctl(PR_CAPBSET_READ, 21, 0, 0, 0) == 0);
	return probe_end();
}
