/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of hostile families. ENOSYS where libraries try the call and fall
 * back (io_uring, clone3), EPERM where only an attack or an administrator asks.
 * x32 and i386 are not rows: the whole ABI is refused in filter.c.
 */
#include "executor/profile/hostile.h"

#include <string.h>

#define NO(name)                                                               \
	{                                                                      \
		name, SYSCALL_EPERM                                            \
	}
#define NEW(name)                                                              \
	{                                                                      \
		name, SYSCALL_ENOSYS                                           \
	}

const struct hostile_row hostile_rows[] = {
	/* flags lie behind a pointer, where no filter can look */
	NEW("clone3"),
	/* a second way to make every call, past any filter */
	NEW("io_uring_setup"),
	NEW("io_uring_enter"),
	NEW("io_uring_register"),
	/* code in the kernel */
	NO("bpf"),
	NO("init_module"),
	NO("finit_module"),
	NO("delete_module"),
	NO("create_module"),
	NO("kexec_load"),
	NO("kexec_file_load"),
	NO("get_kernel_syms"),
	NO("query_module"),
	/* the mount table, old and new interface */
	NO("mount"),
	NO("umount2"),
	NO("umount"),
	NO("pivot_root"),
	NO("chroot"),
	NO("open_tree"),
	NO("move_mount"),
	NO("fsopen"),
	NO("fsconfig"),
	NO("fsmount"),
	NO("fspick"),
	NO("mount_setattr"),
	/* other namespaces */
	NO("unshare"),
	NO("setns"),
	/* other processes' memory and descriptors */
	NO("ptrace"),
	NO("process_vm_readv"),
	NO("process_vm_writev"),
	NO("process_madvise"),
	NO("process_mrelease"),
	NO("kcmp"),
	NO("pidfd_getfd"),
	NO("migrate_pages"),
	NO("move_pages"),
	/* keyrings are not in any namespace */
	NO("add_key"),
	NO("request_key"),
	NO("keyctl"),
	/* stops the kernel in mid-copy; observes it */
	NO("userfaultfd"),
	NO("perf_event_open"),
	NO("lookup_dcookie"),
	NO("fanotify_init"),
	NO("fanotify_mark"),
	NO("syslog"),
	/* files by number, past every path */
	NO("open_by_handle_at"),
	NO("name_to_handle_at"),
	/* the machine */
	NO("reboot"),
	NO("swapon"),
	NO("swapoff"),
	NO("acct"),
	NO("quotactl"),
	NO("quotactl_fd"),
	NO("settimeofday"),
	NO("clock_settime"),
	NO("clock_adjtime"),
	NO("adjtimex"),
	NO("stime"),
	NO("sethostname"),
	NO("setdomainname"),
	NO("vhangup"),
	NO("nfsservctl"),
	NO("uselib"),
	/* the processor */
	NO("iopl"),
	NO("ioperm"),
	NO("modify_ldt"),
	NO("vm86"),
	NO("vm86old"),
	NO("pciconfig_read"),
	NO("pciconfig_write"),
	NO("pciconfig_iobase"),
	/* Dirty Pipe's family: splices user pages into pipes */
	NO("vmsplice"),
	/* memory that the group's limit does not see */
	NEW("memfd_secret"),
	{ 0 },
};

const struct hostile_row *hostile_find(const char *name)
{
	for (const struct hostile_row *row = hostile_rows; row->name; row++)
		if (*row->name == *name && strcmp(row->name, name) == 0)
			return row;
	return NULL;
}
