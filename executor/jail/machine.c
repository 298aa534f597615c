/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looking at the machine: small files and harmless system calls. What the
 * texts of /proc mean for cgroups is machine_cgroup.c.
 */
#include "executor/jail/machine.h"

#include "executor/base/buf.h"
#include "executor/base/fd.h"
#include "executor/base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#define TEXT_MAX 262144

/* A whole small file as text; "" when it cannot be read. */
static void slurp(struct buf *out, const char *path)
{
	buf_init(out, TEXT_MAX);
	fd_slurp_path(AT_FDCWD, path, out, NULL);
}

static long read_number(const char *path, long otherwise)
{
	struct buf text;
	long value = otherwise;

	slurp(&text, path);
	if (text.len)
		value = strtol(text.data, NULL, 10);
	buf_finish(&text);
	return value;
}

/* In the initial user namespace every uid maps to itself. */
static bool initial_userns(void)
{
	struct buf text;
	unsigned from = 0, to = 1, count = 0;

	slurp(&text, "/proc/self/uid_map");
	int n = sscanf(text.data, "%u %u %u", &from, &to, &count);
	buf_finish(&text);
	return n == 3 && from == 0 && to == 0 && count == UINT32_MAX;
}

static bool has_admin(void)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	struct __user_cap_data_struct data[2] = { 0 };

	if (syscall(SYS_capget, &head, data) < 0)
		return false;
	return data[0].effective & (1U << CAP_SYS_ADMIN);
}

static void probe_system(struct machine *m)
{
	struct utsname name;
	struct sysinfo info;

	m->uid = getuid();
	m->gid = getgid();
	m->root = geteuid() == 0 && has_admin() && initial_userns();
	if (uname(&name) == 0)
		sscanf(name.release, "%u.%u", &m->kernel_major,
		       &m->kernel_minor);
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	m->cpus = cpus > 0 ? (unsigned)cpus : 1;
	if (sysinfo(&info) == 0) {
		m->memory_bytes = (uint64_t)info.totalram * info.mem_unit;
		m->swap = info.totalswap > 0;
	}
}

static void probe_userns_rules(struct machine *m)
{
	m->userns_errno = -1;
	m->max_user_namespaces =
		read_number("/proc/sys/user/max_user_namespaces", -1);
	m->userns_restricted = m->max_user_namespaces == 0;
	if (m->root)
		return;
	if (!read_number("/proc/sys/kernel/unprivileged_userns_clone", 1) ||
	    read_number("/proc/sys/kernel/"
			"apparmor_restrict_unprivileged_userns",
			0))
		m->userns_restricted = true;
}

/* Each call is made with arguments that can only fail: ENOSYS tells. */
static void probe_calls(struct machine *m)
{
	struct open_how how = { .flags = O_PATH | O_CLOEXEC };
	struct seccomp_notif_sizes sizes;

	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0,
			   1 /* LANDLOCK_CREATE_RULESET_VERSION */);
	m->landlock_abi = abi > 0 ? (int)abi : 0;
	int fd = (int)syscall(SYS_openat2, AT_FDCWD, "/", &how, sizeof(how));
	m->openat2 = fd >= 0;
	fd_close(&fd);
	m->mount_setattr = syscall(SYS_mount_setattr, -1, NULL, 0, NULL, 0) <
				   0 &&
			   errno != ENOSYS;
	m->user_notify = syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0,
				 &sizes) == 0;
}

static void probe_folders(struct machine *m)
{
	static const char *const stages[] = { "/tmp", "/mnt", "/run", "/var" };
	static const char *const names[MACHINE_LINKS] = { "bin", "sbin", "lib",
							  "lib64", "lib32" };
	struct stat st;
	char path[32];

	for (unsigned i = 0; i < 4 && !m->stage[0]; i++)
		if (lstat(stages[i], &st) == 0 && S_ISDIR(st.st_mode))
			str_copy(m->stage, sizeof(m->stage), stages[i]);
	for (unsigned i = 0; i < MACHINE_LINKS; i++) {
		struct machine_link *link = &m->links[i];

		str_copy(link->name, sizeof(link->name), names[i]);
		snprintf(path, sizeof(path), "/%s", names[i]);
		ssize_t n = readlink(path, link->target,
				     sizeof(link->target) - 1);
		if (n >= 0)
			link->target[n] = '\0';
		else if (errno == EINVAL)
			str_copy(link->target, sizeof(link->target), "/");
	}
}

static void probe_writable(struct machine *m)
{
	char path[MACHINE_PATH_MAX + 64];

	for (int i = 0; i < CONTROLLER_COUNT; i++) {
		struct machine_controller *c = &m->controllers[i];

		/* access(2) says EROFS too */
		c->writable = c->version && access(c->path, W_OK) == 0;
		if (c->version == 2 && i < CONTROLLER_CPUACCT)
			c->writable &= m->v2_divisible;
	}
	const struct machine_controller *mem =
		&m->controllers[CONTROLLER_MEMORY];
	snprintf(path, sizeof(path), "%s/memory.memsw.limit_in_bytes",
		 mem->path);
	m->memory_swap_limit = mem->version == 2 ||
			       (mem->version == 1 && access(path, F_OK) == 0);
	/* Linux 6.1 counts it in both versions */
	m->pids_peak = m->kernel_major > 6 ||
		       (m->kernel_major == 6 && m->kernel_minor >= 1);
}

/* Whether a user may make groups here that controllers can be given to. */
static bool delegated(const char *group)
{
	static const char *const files[] = { "", "cgroup.procs",
					     "cgroup.subtree_control" };
	char path[MACHINE_PATH_MAX + 32];

	for (unsigned i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s/%s", group, files[i]);
		if (access(path, W_OK) < 0)
			return false;
	}
	return true;
}

/* Children of a group with processes get no controllers, but for the root of
 * all, which alone has no cgroup.type. */
static bool divisible(const char *group)
{
	char path[MACHINE_PATH_MAX + 32];
	struct buf members;

	snprintf(path, sizeof(path), "%s/cgroup.type", group);
	if (access(path, F_OK) < 0)
		return true;
	snprintf(path, sizeof(path), "%s/cgroup.procs", group);
	slurp(&members, path);
	bool empty = members.len == 0;
	buf_finish(&members);
	return empty;
}

/*
 * Root's groups go below the tree's root. A user's go below the nearest group
 * above his own that is delegated to him and divisible, which there is when a
 * service manager gave him a tree; else below his own, which is good for killing
 * and cpu time.
 */
static void find_v2_place(struct machine *m)
{
	char path[MACHINE_PATH_MAX];
	size_t top = strlen(m->v2_root);

	if (m->root)
		str_copy(m->v2_path, sizeof(m->v2_path), m->v2_root);
	m->v2_divisible = divisible(m->v2_path);
	str_copy(path, sizeof(path), m->v2_path);
	while (!m->v2_divisible && strlen(path) > top && delegated(path)) {
		m->v2_divisible = divisible(path);
		if (m->v2_divisible)
			str_copy(m->v2_path, sizeof(m->v2_path), path);
		*strrchr(path, '/') = '\0';
	}
}

void machine_probe(struct machine *m)
{
	struct buf cgroup, mountinfo, v2;
	char path[MACHINE_PATH_MAX + 32];

	memset(m, 0, sizeof(*m));
	probe_system(m);
	probe_userns_rules(m);
	probe_calls(m);
	probe_folders(m);
	machine_probe_subids(m);
	slurp(&cgroup, "/proc/self/cgroup");
	slurp(&mountinfo, "/proc/self/mountinfo");
	machine_parse_cgroups(m, cgroup.data, mountinfo.data);
	m->proc_visible = machine_parse_proc(mountinfo.data);
	if (m->v2_path[0])
		find_v2_place(m);
	snprintf(path, sizeof(path), "%s/cgroup.controllers", m->v2_path);
	slurp(&v2, path);
	machine_parse_v2(m, v2.data);
	buf_finish(&v2);
	buf_finish(&cgroup);
	buf_finish(&mountinfo);
	probe_writable(m);
}

void machine_probe_userns(struct machine *m)
{
	pid_t child = fork();
	int status = 0;

	if (child == 0)
		_exit(unshare(CLONE_NEWUSER) < 0 ? errno : 0);
	if (child < 0) {
		m->userns_errno = errno;
		return;
	}
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	m->userns_errno = WIFEXITED(status) ? WEXITSTATUS(status) : EPERM;
}
