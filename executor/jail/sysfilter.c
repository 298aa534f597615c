/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loading filters, and init's own, a plain list: it is short, and what is not in
 * it answers ENOSYS.
 */
#include "executor/jail/sysfilter.h"

#include "executor/base/mem.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
#define THIS_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define THIS_ARCH AUDIT_ARCH_AARCH64
#else
#error "add the audit architecture of this machine"
#endif

static const int init_calls[] = {
	SYS_recvmsg,
	SYS_sendmsg,
	SYS_ppoll,
	SYS_openat2,
	SYS_close,
	SYS_read,
	SYS_fstat,
	SYS_newfstatat,
	SYS_getdents64,
	SYS_mkdirat,
	SYS_unlinkat,
	SYS_renameat2,
	SYS_lseek,
	SYS_kill,
	SYS_exit_group,
	SYS_exit,
	SYS_brk,
	SYS_mmap,
	SYS_munmap,
	SYS_mremap,
	SYS_madvise,
	SYS_clock_gettime,
	SYS_clock_nanosleep,
	SYS_nanosleep,
	SYS_rt_sigreturn,
	SYS_rt_sigprocmask,
	SYS_restart_syscall,
	SYS_getrandom,
	SYS_fcntl,
#ifdef SYS_poll
	SYS_poll,
#endif
#ifdef SYS_stat
	SYS_stat,
	SYS_lstat,
#endif
	SYS_openat, /* last: only without openat2 */
};
#define INIT_CALLS ARRAY_LEN(init_calls)

int sysfilter_load(const void *code, uint16_t len, struct err *err)
{
	struct sock_fprog prog = { .len = len, .filter = (void *)code };

	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog, 0, 0) < 0)
		return err_sys(err, errno, "loading the system-call filter");
	return 0;
}

int sysfilter_load_init(bool openat2, struct err *err)
{
	const unsigned count = INIT_CALLS - (openat2 ? 1 : 0);
	struct sock_filter code[INIT_CALLS + 8];
	uint16_t n = 0;
	const uint32_t refuse = SECCOMP_RET_ERRNO | ENOSYS;

	code[n++] = (struct sock_filter)BPF_STMT(
		BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
	code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
						 THIS_ARCH, 1, 0);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, refuse);
	code[n++] = (struct sock_filter)BPF_STMT(
		BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	/* x32 numbers have bit 30 set and equal none of the rows */
	for (unsigned i = 0; i < count; i++)
		code[n++] =
			(struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
						     (uint32_t)init_calls[i],
						     (uint8_t)(count - i), 0);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, refuse);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
						 SECCOMP_RET_ALLOW);
	return sysfilter_load(code, n, err);
}
