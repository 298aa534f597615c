/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of the kernel that attacks come from, by name. */
#include "probe.h"

#define CALL(nr)                                                               \
	{                                                                      \
#nr, nr                                                        \
	}

static const struct {
	const char *name;
	long nr;
} calls[] = {
	CALL(SYS_bpf),
	CALL(SYS_perf_event_open),
	CALL(SYS_userfaultfd),
	CALL(SYS_keyctl),
	CALL(SYS_add_key),
	CALL(SYS_request_key),
	CALL(SYS_kcmp),
	CALL(SYS_quotactl),
	CALL(SYS_acct),
	CALL(SYS_swapon),
	CALL(SYS_swapoff),
	CALL(SYS_kexec_load),
	CALL(SYS_kexec_file_load),
	CALL(SYS_init_module),
	CALL(SYS_finit_module),
	CALL(SYS_delete_module),
	CALL(SYS_iopl),
	CALL(SYS_ioperm),
	CALL(SYS_modify_ldt),
	CALL(SYS_vmsplice),
	CALL(SYS_fanotify_init),
	CALL(SYS_fanotify_mark),
	CALL(SYS_open_tree),
	CALL(SYS_lookup_dcookie),
	CALL(SYS_reboot),
	CALL(SYS_syslog),
	CALL(SYS_ptrace),
	CALL(SYS_setns),
	CALL(SYS_unshare),
	CALL(SYS_mount),
	CALL(SYS_chroot),
	CALL(SYS_settimeofday),
	CALL(SYS_clock_settime),
	CALL(SYS_adjtimex),
	CALL(SYS_sethostname),
	CALL(SYS_setdomainname),
	CALL(SYS_move_pages),
	CALL(SYS_mbind),
	CALL(SYS_set_mempolicy),
	CALL(SYS_vhangup),
	CALL(SYS_uselib),
	CALL(SYS_nfsservctl),
	CALL(SYS_seccomp),
	{ "process_madvise", 440 },
};

/* Here a library falls back when it sees ENOSYS. */
static const struct {
	const char *name;
	long nr;
} new_calls[] = {
	{ "io_uring_setup", 425 },    { "io_uring_enter", 426 },
	{ "io_uring_register", 427 }, { "clone3", 435 },
	{ "memfd_secret", 447 },      { "landlock_create_ruleset", 444 },
	{ "map_shadow_stack", 453 },  { "cachestat", 451 },
	{ "lsm_get_self_attr", 459 },
};

int main(void)
{
	for (unsigned i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		REFUSED(calls[i].name, syscall(calls[i].nr, 0, 0, 0, 0, 0, 0),
			EPERM);
	for (unsigned i = 0; i < sizeof(new_calls) / sizeof(*new_calls); i++)
		REFUSED(new_calls[i].name,
			syscall(new_calls[i].nr, 0, 0, 0, 0, 0, 0), ENOSYS);
	return probe_end();
}
