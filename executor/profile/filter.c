/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Profile → BPF. An allow-list: what no row names is ENOSYS, so that libraries
 * fall back. A handful of calls are allowed by argument only (the tables
 * below). Loading a filter into a process is the business of jail/; storing one
 * in a file is filter_file.c's.
 */
#include "executor/profile/filter.h"

#include "executor/base/fd.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/profile/hostile.h"
#include "executor/profile/profile.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define INSTRUCTIONS_MAX 4096

/* Namespace flags of clone(2); CLONE_NEWTIME is an exit signal there. */
static const uint64_t clone_refused[] = {
	CLONE_NEWNS,   CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC,
	CLONE_NEWUSER, CLONE_NEWPID,    CLONE_NEWNET,
};

static int add(scmp_filter_ctx ctx, uint32_t action, int nr, unsigned count,
	       const struct scmp_arg_cmp *cmp)
{
	return seccomp_rule_add_array(ctx, action, nr, count, cmp);
}

static int add_one(scmp_filter_ctx ctx, uint32_t action, int nr,
		   struct scmp_arg_cmp cmp)
{
	return add(ctx, action, nr, 1, &cmp);
}

static int rule_clone(scmp_filter_ctx ctx, int nr)
{
	uint64_t all = 0;
	int rc = 0;

	for (size_t i = 0; i < ARRAY_LEN(clone_refused); i++) {
		uint64_t bit = clone_refused[i];

		all |= bit;
		if (rc >= 0)
			rc = add_one(ctx, SCMP_ACT_ERRNO(EPERM), nr,
				     SCMP_A0(SCMP_CMP_MASKED_EQ, bit, bit));
	}
	if (rc < 0)
		return rc;
	return add_one(ctx, SCMP_ACT_ALLOW, nr,
		       SCMP_A0(SCMP_CMP_MASKED_EQ, all, 0));
}

/* Families other than the three are as if the kernel lacked them: programs
 * (getaddrinfo asks netlink) then go on. */
static int rule_socket(scmp_filter_ctx ctx, int nr)
{
	int rc = 0;

	for (uint64_t f = 0; f <= AF_INET6 && rc >= 0; f++) {
		bool ok = f == AF_UNIX || f == AF_INET || f == AF_INET6;

		rc = add_one(ctx,
			     ok ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(EAFNOSUPPORT),
			     nr, SCMP_A0(SCMP_CMP_EQ, f));
	}
	if (rc < 0)
		return rc;
	return add_one(ctx, SCMP_ACT_ERRNO(EAFNOSUPPORT), nr,
		       SCMP_A0(SCMP_CMP_GT, AF_INET6));
}

/* For itself only: with the same uid it could end init by RLIMIT_CPU. */
static int rule_prlimit(scmp_filter_ctx ctx, int nr)
{
	int rc = add_one(ctx, SCMP_ACT_ALLOW, nr, SCMP_A0(SCMP_CMP_EQ, 0));

	if (rc < 0)
		return rc;
	return add_one(ctx, SCMP_ACT_ERRNO(EPERM), nr, SCMP_A0(SCMP_CMP_NE, 0));
}

/* Asking, and PER_LINUX: no READ_IMPLIES_EXEC, no fixed addresses. */
static int rule_personality(scmp_filter_ctx ctx, int nr)
{
	static const uint64_t allowed[] = { 0, 0xffffffffULL, UINT64_MAX };
	int rc = 0;

	for (size_t i = 0; i < ARRAY_LEN(allowed) && rc >= 0; i++)
		rc = add_one(ctx, SCMP_ACT_ALLOW, nr,
			     SCMP_A0(SCMP_CMP_EQ, allowed[i]));
	return rc;
}

/* Calls that are allowed by argument when a profile allows them. */
static const struct special_row {
	const char *name;
	int (*add)(scmp_filter_ctx ctx, int nr);
} specials[] = {
	{ "clone", rule_clone },
	{ "socket", rule_socket },
	{ "socketpair", rule_socket },
	{ "prlimit64", rule_prlimit },
	{ "personality", rule_personality },
};

static int add_call(scmp_filter_ctx ctx, const struct profile_syscall *call,
		    int nr)
{
	switch (call->verdict) {
	case SYSCALL_ENOSYS:
		return 0; /* the default action */
	case SYSCALL_EPERM:
		return add(ctx, SCMP_ACT_ERRNO(EPERM), nr, 0, NULL);
	case SYSCALL_ALLOW:
		break;
	}
	for (size_t i = 0; i < ARRAY_LEN(specials); i++)
		if (str_equal(specials[i].name, call->name))
			return specials[i].add(ctx, nr);
	return add(ctx, SCMP_ACT_ALLOW, nr, 0, NULL);
}

static int add_profile(scmp_filter_ctx ctx, const struct profile *p,
		       struct err *err)
{
	for (size_t i = 0; i < p->syscall_count; i++) {
		const struct profile_syscall *call = &p->syscalls[i];
		int nr = seccomp_syscall_resolve_name(call->name);
		int rc;

		if (nr == __NR_SCMP_ERROR) {
			err_set(err, ERR_INVALID,
				"\"%.64s\" is not a system call", call->name);
			return err_field(err, "profile %s", p->name);
		}
		if (nr < 0 || hostile_find(call->name))
			continue; /* not of this machine, or decided below */
		rc = add_call(ctx, call, nr);
		if (rc < 0)
			return err_sys(err, -rc, "cannot filter %s",
				       call->name);
	}
	return 0;
}

static int add_hostile(scmp_filter_ctx ctx, struct err *err)
{
	for (const struct hostile_row *row = hostile_rows; row->name; row++) {
		int nr = seccomp_syscall_resolve_name(row->name);
		int rc;

		if (nr < 0 || row->verdict == SYSCALL_ENOSYS)
			continue;
		rc = add(ctx, SCMP_ACT_ERRNO(EPERM), nr, 0, NULL);
		if (rc < 0)
			return err_sys(err, -rc, "cannot filter %s", row->name);
	}
	return 0;
}

/*
 * Put before the rest: the kernel looks at 32 bits of an ioctl's request, and
 * libseccomp compares 64, so "not equal" there can be passed by a high bit.
 * The architecture is not looked at first: another one is refused anyway.
 */
static const struct sock_filter ioctl_guard[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SCMP_SYS(ioctl), 0, 4),
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		 offsetof(struct seccomp_data, args[1])), /* little endian */
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TIOCSTI, 1, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TIOCLINUX, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
};

/* libseccomp 2.5 writes BPF to a descriptor only. */
static int export(struct filter *out, scmp_filter_ctx ctx, struct err *err)
{
	_auto_close_ int fd = memfd_create("filter", MFD_CLOEXEC);
	size_t len, guard = sizeof(ioctl_guard);
	off_t size;
	char *code;
	int rc;

	if (fd < 0)
		return err_sys(err, errno, "cannot make a memfd");
	rc = seccomp_export_bpf(ctx, fd);
	if (rc < 0)
		return err_sys(err, -rc, "cannot make the filter");
	size = lseek(fd, 0, SEEK_END);
	if (size < 0 || lseek(fd, 0, SEEK_SET) < 0)
		return err_sys(err, errno, "cannot read the filter");
	len = guard + (size_t)size;
	if (len / sizeof(struct sock_filter) > INSTRUCTIONS_MAX)
		return err_set(err, ERR_TOO_LARGE,
			       "the filter has more than %d instructions",
			       INSTRUCTIONS_MAX);
	code = mem_zero(1, len);
	memcpy(code, ioctl_guard, guard);
	if (fd_read_all(fd, code + guard, (size_t)size, err) != size) {
		mem_free(code);
		return err_set(err, ERR_SYSTEM, "cannot read the filter");
	}
	out->code = code;
	out->len = (uint16_t)(len / sizeof(struct sock_filter));
	return 0;
}

static int set_attributes(scmp_filter_ctx ctx)
{
	int rc = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);

	if (rc < 0) /* an older library: linear, slower, as safe */
		rc = 0;
	return seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH,
				SCMP_ACT_ERRNO(ENOSYS));
}

int filter_build(struct filter *out, const struct profile *p, struct err *err)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
	int rc;

	if (!ctx)
		return err_set(err, ERR_SYSTEM, "cannot start a filter");
	rc = set_attributes(ctx);
	if (rc < 0)
		rc = err_sys(err, -rc, "cannot set up the filter");
	if (rc >= 0)
		rc = add_profile(ctx, p, err);
	if (rc >= 0)
		rc = add_hostile(ctx, err);
	if (rc >= 0)
		rc = export(out, ctx, err);
	seccomp_release(ctx);
	return rc;
}

void filter_finish(struct filter *f)
{
	if (!f)
		return;
	mem_free(f->code);
	f->code = NULL;
	f->len = 0;
}
