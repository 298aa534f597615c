/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of calls, with bits of one argument that make them forbidden. */
#include "executor/egress/seal_calls.h"

#include "executor/base/mem.h"
#include "executor/jail/sysfilter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
#define THIS_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define THIS_ARCH AUDIT_ARCH_AARCH64
#else
#error "add the audit architecture of this machine"
#endif

struct call {
	int nr;
	unsigned arg;    /* of which */
	uint32_t forbid; /* these bits are refused; 0: any argument */
};

/* What both do: memory, time, sockets, the end. */
static const struct call common_calls[] = {
	{ SYS_read, 0, 0 },          { SYS_write, 0, 0 },
	{ SYS_close, 0, 0 },         { SYS_fcntl, 0, 0 },
	{ SYS_fstat, 0, 0 },         { SYS_newfstatat, 0, 0 },
	{ SYS_pread64, 0, 0 },       { SYS_lseek, 0, 0 },
	{ SYS_brk, 0, 0 },           { SYS_munmap, 0, 0 },
	{ SYS_mremap, 0, 0 },        { SYS_madvise, 0, 0 },
	{ SYS_futex, 0, 0 },         { SYS_getrandom, 0, 0 },
	{ SYS_clock_gettime, 0, 0 }, { SYS_clock_nanosleep, 0, 0 },
	{ SYS_connect, 0, 0 },       { SYS_bind, 0, 0 },
	{ SYS_sendto, 0, 0 },        { SYS_sendmsg, 0, 0 },
	{ SYS_recvfrom, 0, 0 },      { SYS_recvmsg, 0, 0 },
	{ SYS_getsockname, 0, 0 },   { SYS_getsockopt, 0, 0 },
	{ SYS_setsockopt, 0, 0 },    { SYS_ppoll, 0, 0 },
#ifdef SYS_poll
	{ SYS_poll, 0, 0 },
#endif
	{ SYS_rt_sigreturn, 0, 0 },  { SYS_rt_sigprocmask, 0, 0 },
	{ SYS_rt_sigaction, 0, 0 },  { SYS_restart_syscall, 0, 0 },
	{ SYS_getpid, 0, 0 },        { SYS_gettid, 0, 0 },
	{ SYS_exit, 0, 0 },          { SYS_exit_group, 0, 0 },
};

static const struct call proxy_calls[] = {
	{ SYS_accept4, 0, 0 },         { SYS_shutdown, 0, 0 },
	{ SYS_epoll_ctl, 0, 0 },       { SYS_epoll_pwait, 0, 0 },
#ifdef SYS_epoll_wait
	{ SYS_epoll_wait, 0, 0 },
#endif
	{ SYS_timerfd_settime, 0, 0 }, { SYS_mmap, 2, PROT_EXEC },
};

/* The C library's, and those of the modules that nsswitch.conf names. */
static const struct call resolver_calls[] = {
	{ SYS_mmap, 0, 0 },
	{ SYS_mprotect, 0, 0 },
	{ SYS_openat, 2, O_WRONLY | O_RDWR | O_CREAT | O_TRUNC },
	{ SYS_faccessat, 0, 0 },
	{ SYS_readlinkat, 0, 0 },
	{ SYS_getdents64, 0, 0 },
#ifdef SYS_stat
	{ SYS_stat, 0, 0 },
	{ SYS_lstat, 0, 0 },
	{ SYS_access, 0, 0 },
	{ SYS_readlink, 0, 0 },
	{ SYS_alarm, 0, 0 },
	{ SYS_time, 0, 0 },
#endif
	{ SYS_setitimer, 0, 0 },
	{ SYS_sendmmsg, 0, 0 },
	{ SYS_getpeername, 0, 0 },
	{ SYS_ioctl, 0, 0 }, /* how much waits in a socket */
	{ SYS_uname, 0, 0 },
	{ SYS_gettimeofday, 0, 0 },
	{ SYS_nanosleep, 0, 0 },
	{ SYS_getuid, 0, 0 },
	{ SYS_geteuid, 0, 0 },
	{ SYS_getgid, 0, 0 },
	{ SYS_getegid, 0, 0 },
	{ SYS_getppid, 0, 0 },
	{ SYS_sched_yield, 0, 0 },
	{ SYS_set_robust_list, 0, 0 },
	{ SYS_clone, 0,
	  CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET |
		  CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP },
	{ SYS_wait4, 0, 0 },
	{ SYS_signalfd4, 0, 0 },
};

static const int proxy_families[] = { AF_INET, AF_INET6 };

/* Unix sockets of name services, netlink for which families there are. */
static const int resolver_families[] = { AF_INET, AF_INET6, AF_UNIX,
					 AF_NETLINK };

#define CODE_MAX 512

struct code {
	struct sock_filter at[CODE_MAX];
	uint16_t len;
};

static void add(struct code *c, struct sock_filter one)
{
	if (c->len < CODE_MAX)
		c->at[c->len++] = one;
}

#define ADD_STMT(c, op, k)                                                     \
	add(c, (struct sock_filter)BPF_STMT((op), (uint32_t)(k)))
#define ADD_JUMP(c, op, k, yes, no)                                            \
	add(c, (struct sock_filter)BPF_JUMP((op), (uint32_t)(k),               \
					    (uint8_t)(yes), (uint8_t)(no)))
#define REFUSE (SECCOMP_RET_ERRNO | ENOSYS)
/* little end of an argument: masks and families are small numbers */
#define ARG(n) (offsetof(struct seccomp_data, args) + (n) * sizeof(uint64_t))

static void add_call(struct code *c, const struct call *call)
{
	ADD_JUMP(c, BPF_JMP | BPF_JEQ | BPF_K, call->nr, 0,
		 call->forbid ? 4 : 1);
	if (call->forbid) {
		ADD_STMT(c, BPF_LD | BPF_W | BPF_ABS, ARG(call->arg));
		ADD_JUMP(c, BPF_JMP | BPF_JSET | BPF_K, call->forbid, 0, 1);
		ADD_STMT(c, BPF_RET | BPF_K, REFUSE);
	}
	ADD_STMT(c, BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
}

static void add_families(struct code *c, const int *families, size_t n)
{
	ADD_JUMP(c, BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, n + 3);
	ADD_STMT(c, BPF_LD | BPF_W | BPF_ABS, ARG(0));
	for (size_t i = 0; i < n; i++)
		ADD_JUMP(c, BPF_JMP | BPF_JEQ | BPF_K, families[i], n - i, 0);
	ADD_STMT(c, BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EAFNOSUPPORT);
	ADD_STMT(c, BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
}

static void add_calls(struct code *c, const struct call *calls, size_t n)
{
	for (size_t i = 0; i < n; i++)
		add_call(c, &calls[i]);
}

int seal_calls_load(enum seal_view view, struct err *err)
{
	struct code *c = mem_new(struct code);
	int rc;

	ADD_STMT(c, BPF_LD | BPF_W | BPF_ABS,
		 offsetof(struct seccomp_data, arch));
	ADD_JUMP(c, BPF_JMP | BPF_JEQ | BPF_K, THIS_ARCH, 1, 0);
	ADD_STMT(c, BPF_RET | BPF_K, REFUSE);
	ADD_STMT(c, BPF_LD | BPF_W | BPF_ABS,
		 offsetof(struct seccomp_data, nr));
	/* each row ends in an answer, so the number stays loaded between them;
	 * x32 numbers have bit 30 set and equal none of them */
	if (view == SEAL_PROXY) {
		add_calls(c, proxy_calls, ARRAY_LEN(proxy_calls));
		add_families(c, proxy_families, ARRAY_LEN(proxy_families));
	} else {
		add_calls(c, resolver_calls, ARRAY_LEN(resolver_calls));
		add_families(c, resolver_families,
			     ARRAY_LEN(resolver_families));
	}
	add_calls(c, common_calls, ARRAY_LEN(common_calls));
	ADD_STMT(c, BPF_RET | BPF_K, REFUSE);
	rc = c->len == CODE_MAX
		     ? err_set(err, ERR_INTERNAL, "the filter is too long")
		     : sysfilter_load(c->at, c->len, err);
	mem_free(c);
	return rc;
}
