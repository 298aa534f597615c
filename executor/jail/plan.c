/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lists of steps. Constant parts are tables; what depends on profile,
 * limits and machine is added beside them, in the order in which the kernel
 * needs it: mounts while unprivileged code does not exist yet, identity before
 * the filter, the filter last.
 */
#include "executor/jail/plan.h"

#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/jail/landlock.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define ROOT_BYTES (1U << 20)
#define ROOT_INODES 1024

static const struct step root_head[] = {
	{ STEP_DIR, "/usr", NULL, 0755, 0 },
	{ STEP_BIND, "/usr", NULL, 0, 0 },
};

static const struct step root_tail[] = {
	{ STEP_DIR, "/etc", NULL, 0755, 0 },
	{ STEP_FILE, "/etc/passwd",
	  "root:x:0:0:root:/root:/usr/sbin/nologin\n"
	  "user:x:1000:1000:user:/workspace:/bin/bash\n"
	  "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n",
	  0, 0 },
	{ STEP_FILE, "/etc/group",
	  "root:x:0:\nuser:x:1000:\nnogroup:x:65534:\n", 0, 0 },
	{ STEP_FILE, "/etc/hosts",
	  "127.0.0.1\tlocalhost coop\n::1\tlocalhost ip6-localhost\n", 0, 0 },
	{ STEP_FILE, "/etc/nsswitch.conf",
	  "passwd: files\ngroup: files\nhosts: files dns\n", 0, 0 },
	{ STEP_BIND, "/etc/alternatives", NULL, 1, 0 },
	{ STEP_BIND, "/etc/ld.so.cache", NULL, 1, 0 },
	{ STEP_BIND, "/etc/ssl/certs", NULL, 1, 0 },
	{ STEP_BIND, "/etc/localtime", NULL, 1, 0 },
	{ STEP_DIR, "/dev", NULL, 0755, 0 },
	{ STEP_DEVICE, "/dev/null", NULL, 0, 0 },
	{ STEP_DEVICE, "/dev/zero", NULL, 0, 0 },
	{ STEP_DEVICE, "/dev/full", NULL, 0, 0 },
	{ STEP_DEVICE, "/dev/random", NULL, 0, 0 },
	{ STEP_DEVICE, "/dev/urandom", NULL, 0, 0 },
	{ STEP_LINK, "/dev/fd", "/proc/self/fd", 0, 0 },
	{ STEP_LINK, "/dev/stdin", "/proc/self/fd/0", 0, 0 },
	{ STEP_LINK, "/dev/stdout", "/proc/self/fd/1", 0, 0 },
	{ STEP_LINK, "/dev/stderr", "/proc/self/fd/2", 0, 0 },
	{ STEP_DIR, "/dev/shm", NULL, 0755, 0 },
	{ STEP_DIR, "/workspace", NULL, 0755, 0 },
	{ STEP_DIR, "/tmp", NULL, 0755, 0 },
	{ STEP_DIR, PLAN_STORE, NULL, 0700, 0 },
	{ STEP_DIR, "/proc", NULL, 0555, 0 },
};

static const struct step box_shares[] = {
	{ STEP_SHARE, "/workspace", PLAN_STORE "/workspace", 0755, 0 },
	{ STEP_SHARE, "/tmp", PLAN_STORE "/tmp", 01777, 0 },
	{ STEP_SHARE, "/dev/shm", PLAN_STORE "/shm", 01777, 0 },
	{ STEP_SEAL, PLAN_STORE, NULL, 0, 0 },
};

/* what proc shows of the host beyond the box's own processes */
static const char *const masks[] = {
	"/proc/cmdline",    "/proc/kallsyms",  "/proc/keys",
	"/proc/timer_list", "/proc/config.gz", "/proc/partitions",
	"/proc/modules",    "/proc/locks",
};

/* What is charged to the makers of a box too, up to a user of the host: by
 * these sysctls of the box's own user namespace none takes it all. And nobody
 * in it needs another user namespace. */
static const struct step quotas[] = {
	{ STEP_QUOTA, "/proc/sys/user/max_inotify_instances", NULL, 16, 0 },
	{ STEP_QUOTA, "/proc/sys/user/max_inotify_watches", NULL, 8192, 0 },
	{ STEP_QUOTA, "/proc/sys/user/max_user_namespaces", NULL, 0, 0 },
};

/* a second time, by Landlock, what the mounts of the box give */
static const struct step allowed[] = {
	{ STEP_ALLOW, "/", "read", 0, 0 },
	{ STEP_ALLOW, "/dev", "device", 0, 0 },
	{ STEP_ALLOW, "/workspace", "write", 0, 0 },
	{ STEP_ALLOW, "/tmp", "write", 0, 0 },
	{ STEP_ALLOW, "/dev/shm", "write", 0, 0 },
};

static void add(struct plan *p, struct step s)
{
	/* the tables above and profile's maximum bound the count */
	if (p->count < PLAN_STEPS_MAX)
		p->steps[p->count++] = s;
}

static void add_all(struct plan *p, const struct step *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		add(p, s[i]);
}

__attribute__((format(printf, 2, 3))) static const char *
text(struct plan *p, const char *fmt, ...)
{
	char *at = p->text + p->text_used;
	size_t room = sizeof(p->text) - p->text_used;
	va_list ap;

	va_start(ap, fmt);
	int n = vsnprintf(at, room, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= room)
		return "";
	p->text_used += (unsigned)n + 1;
	return at;
}

static bool is_bound(const struct plan *p, const char *path)
{
	for (unsigned i = 0; i < p->count; i++)
		if (p->steps[i].kind == STEP_BIND &&
		    str_equal(p->steps[i].path, path))
			return true;
	return false;
}

static void plan_root(struct plan *p, const struct profile *profile,
		      const struct machine *m)
{
	add(p, (struct step){ STEP_PRIVATE, "/", NULL, 0, 0 });
	add(p, (struct step){ STEP_NEWROOT, m->stage[0] ? m->stage : "/tmp",
			      NULL, ROOT_BYTES, ROOT_INODES });
	add_all(p, root_head, ARRAY_LEN(root_head));
	for (int i = 0; i < MACHINE_LINKS; i++) {
		const struct machine_link *link = &m->links[i];
		const char *path = text(p, "/%s", link->name);

		if (!link->target[0])
			continue;
		if (strcmp(link->target, "/") != 0)
			add(p,
			    (struct step){ STEP_LINK, path,
					   text(p, "%s", link->target), 0, 0 });
		else
			add(p, (struct step){ STEP_BIND, path, NULL, 0, 0 });
	}
	add_all(p, root_tail, ARRAY_LEN(root_tail));
	for (size_t i = 0; i < profile->path_count; i++) {
		const struct profile_path *path = &profile->paths[i];

		/* what every root has is there already, /usr wholly */
		if (!str_starts(path->path, "/usr/") &&
		    !is_bound(p, path->path))
			add(p, (struct step){ STEP_BIND, path->path, NULL,
					      path->optional, 0 });
	}
	if (m->proc_visible)
		add(p, (struct step){ STEP_PROC, "/proc", NULL, 0, 0 });
	add(p, (struct step){ STEP_LEAVE, PLAN_HOST, NULL, 0, 0 });
	add(p, (struct step){ STEP_READONLY, "/", NULL, 0, 0 });
}

static void plan_box(struct plan *p, const struct profile *profile,
		     const struct machine *m)
{
	const struct limits *l = &p->limits;

	add(p, (struct step){ STEP_NAMESPACES, NULL,
			      "user mnt pid ipc uts net cgroup", 0, 0 });
	add(p, (struct step){ STEP_MAP, NULL,
			      machine_own_uids(m) ? "own-uid" : "caller",
			      PLAN_UID, 0 });
	add(p, (struct step){ STEP_STORE, PLAN_STORE, NULL, l->disk_bytes,
			      l->files });
	add_all(p, box_shares, ARRAY_LEN(box_shares));
	if (m->proc_visible) {
		/* through the nest's proc, which is still there */
		add_all(p, quotas, ARRAY_LEN(quotas));
		add(p, (struct step){ STEP_BOX_PROC, "/proc",
				      "hidepid=ptraceable", 0, 0 });
		for (size_t i = 0; i < ARRAY_LEN(masks); i++)
			add(p,
			    (struct step){ STEP_MASK, masks[i], NULL, 0, 0 });
	}
	add(p, (struct step){ STEP_LOOPBACK, NULL, NULL, 0, 0 });
	if (profile->network.open)
		add(p, (struct step){ STEP_PROXY, NULL, NETWORK_PROXY_URL,
				      NETWORK_PROXY_PORT, 0 });
	add(p, (struct step){ STEP_HOSTNAME, NULL,
			      profile->hostname ? profile->hostname : "coop", 0,
			      0 });
	add(p, (struct step){ STEP_INIT, NULL,
			      machine_own_uids(m) ? NULL : "keep-groups",
			      PLAN_UID, 0 });
}

static bool has(const struct machine *m, enum controller c)
{
	return m->controllers[c].version && m->controllers[c].writable;
}

static void plan_group(struct plan *p, const struct machine *m)
{
	const struct limits *l = &p->limits;

	if (has(m, CONTROLLER_MEMORY)) {
		add(p, (struct step){ STEP_LIMIT, NULL, "memory.max",
				      l->memory_bytes, 0 });
		if (m->memory_swap_limit)
			add(p, (struct step){ STEP_LIMIT, NULL, "memory.swap",
					      0, 0 });
	}
	if (has(m, CONTROLLER_PIDS))
		add(p, (struct step){ STEP_LIMIT, NULL, "pids.max",
				      l->processes, 0 });
	if (has(m, CONTROLLER_CPU))
		add(p, (struct step){ STEP_LIMIT, NULL, "cpu.milli",
				      l->cpu_milli, 0 });
}

static void add_rlimit(struct plan *p, const char *name, uint64_t value)
{
	add(p, (struct step){ STEP_RLIMIT, NULL, name, value, 0 });
}

static void plan_rlimits(struct plan *p, const struct machine *m)
{
	const struct limits *l = &p->limits;

	/* a second more than the group's: the broker's verdict comes first */
	add_rlimit(p, "CPU", (l->cpu_time_ms + 999) / 1000 + 1);
	add_rlimit(p, "NOFILE", l->open_files);
	add_rlimit(p, "FSIZE", l->disk_bytes);
	add_rlimit(p, "STACK", l->stack_bytes);
	/* Not 0: where core_pattern is a pipe, 0 still feeds our memory to a
	 * program of the host's root; at 1 the kernel refuses both ways. */
	add_rlimit(p, "CORE", 1);
	add_rlimit(p, "MEMLOCK", 65536);
	add_rlimit(p, "MSGQUEUE", 65536);
	add_rlimit(p, "SIGPENDING", 1024);
	add_rlimit(p, "RTPRIO", 0);
	/* Per user namespace since 5.14; before, it would count everything of
	 * the caller's. With pids only a backup: init has the same uid. */
	if (machine_own_uids(m) || m->kernel_major > 5 ||
	    (m->kernel_major == 5 && m->kernel_minor >= 14))
		add_rlimit(p, "NPROC",
			   l->processes + (has(m, CONTROLLER_PIDS) ? 16 : 1));
	if (!has(m, CONTROLLER_MEMORY))
		add_rlimit(p, "DATA", l->memory_bytes);
}

static void plan_landlock(struct plan *p, const struct machine *m)
{
	uint64_t abi = (uint64_t)m->landlock_abi;

	if (m->landlock_abi < LANDLOCK_ABI_MIN)
		return;
	for (size_t i = 0; i < ARRAY_LEN(allowed); i++)
		add(p, (struct step){ STEP_ALLOW, allowed[i].path,
				      allowed[i].arg, abi, 0 });
	add(p, (struct step){ STEP_LANDLOCK, NULL, NULL, abi, 0 });
}

static void plan_process(struct plan *p, const struct profile *profile,
			 const struct machine *m)
{
	char list[64] = "";
	size_t used = 0;

	for (int i = 0; i < CONTROLLER_COUNT; i++)
		if (has(m, i))
			used += (size_t)snprintf(list + used,
						 sizeof(list) - used, "%s%s",
						 used ? " " : "",
						 controller_name(i));
	if (used)
		add(p, (struct step){ STEP_ATTACH, NULL, text(p, "%s", list), 0,
				      0 });
	add(p, (struct step){ STEP_GROUPVIEW, NULL, NULL, 0, 0 });
	add(p, (struct step){ STEP_SESSION, NULL, NULL, 0, 0 });
	add(p, (struct step){ STEP_STDIO, NULL, NULL, 0, 0 });
	add(p, (struct step){ STEP_CWD, "/workspace", NULL, 0, 0 });
	plan_rlimits(p, m);
	add(p, (struct step){ STEP_IDS, NULL,
			      machine_own_uids(m) ? NULL : "keep-groups",
			      PLAN_UID, 0 });
	add(p, (struct step){ STEP_CAPS, NULL, NULL, 0, 0 });
	add(p, (struct step){ STEP_NNP, NULL, NULL, 0, 0 });
	plan_landlock(p, m);
	add(p, (struct step){ STEP_SECCOMP, NULL, profile->name, m->user_notify,
			      0 });
	add(p, (struct step){ STEP_EXEC, NULL, NULL, 0, 0 });
}

static uint32_t missing_walls(const struct machine *m)
{
	static const enum wall groups[CONTROLLER_COUNT] = {
		[CONTROLLER_MEMORY] = WALL_CGROUP_MEMORY,
		[CONTROLLER_PIDS] = WALL_CGROUP_PIDS,
		[CONTROLLER_CPU] = WALL_CGROUP_CPU,
		[CONTROLLER_CPUACCT] = WALL_CGROUP_CPUACCT,
		[CONTROLLER_FREEZER] = WALL_CGROUP_FREEZER,
	};
	uint32_t missing = 0;

	for (int i = 0; i < CONTROLLER_COUNT; i++)
		if (!has(m, i))
			missing |= 1U << groups[i];
	if (m->swap && (!has(m, CONTROLLER_MEMORY) || !m->memory_swap_limit))
		missing |= 1U << WALL_SWAP;
	if (!machine_own_uids(m))
		missing |= 1U << WALL_OWN_UID;
	if (!m->openat2)
		missing |= 1U << WALL_OPENAT2;
	if (!m->proc_visible)
		missing |= 1U << WALL_PROC;
	if (m->landlock_abi < LANDLOCK_ABI_MIN)
		missing |= 1U << WALL_LANDLOCK;
	if (!m->user_notify)
		missing |= 1U << WALL_NOTIFY;
	return missing;
}

/* Walls without which a jail is not tier 1. */
#define TIER1_WALLS                                                            \
	(1U << WALL_CGROUP_MEMORY | 1U << WALL_CGROUP_PIDS |                   \
	 1U << WALL_CGROUP_CPU | 1U << WALL_CGROUP_CPUACCT | 1U << WALL_SWAP | \
	 1U << WALL_OWN_UID | 1U << WALL_PROC | 1U << WALL_OPENAT2)

int plan_make(struct plan *out, const struct profile *profile,
	      const struct limits *limits, const struct machine *machine,
	      struct err *err)
{
	struct plan *p = out;
	struct limits resolved = *limits;
	int rc = limits_resolve(&resolved, &profile->limits, err);

	if (rc)
		return rc;
	if (!machine->mount_setattr) {
		err_set(err, ERR_UNSUPPORTED,
			"the kernel (%u.%u) is too old for a jail",
			machine->kernel_major, machine->kernel_minor);
		return err_try(err, "Linux 5.12 or newer");
	}
	if (machine->userns_restricted)
		return machine_no_userns(machine, 0, err);
	p->count = 0;
	p->text_used = 0;
	p->limits = resolved;
	p->missing = missing_walls(machine);
	p->tier = p->missing & TIER1_WALLS ? 2 : 1;
	p->first[PLAN_ROOT] = p->count;
	plan_root(p, profile, machine);
	p->first[PLAN_BOX] = p->count;
	plan_box(p, profile, machine);
	p->first[PLAN_GROUP] = p->count;
	plan_group(p, machine);
	p->first[PLAN_PROCESS] = p->count;
	plan_process(p, profile, machine);
	p->first[PLAN_PHASES] = p->count;
	return 0;
}

static unsigned find_proxy(const struct plan *p)
{
	for (unsigned i = p->first[PLAN_BOX]; i < p->first[PLAN_BOX + 1]; i++)
		if (p->steps[i].kind == STEP_PROXY)
			return i;
	return p->count;
}

bool plan_has_proxy(const struct plan *plan)
{
	return find_proxy(plan) < plan->count;
}

void plan_close_network(struct plan *plan)
{
	unsigned at = find_proxy(plan);

	if (at == plan->count)
		return;
	plan->count--;
	memmove(&plan->steps[at], &plan->steps[at + 1],
		(plan->count - at) * sizeof(plan->steps[0]));
	for (int phase = PLAN_BOX + 1; phase <= PLAN_PHASES; phase++)
		plan->first[phase]--;
}

int plan_accept(const struct plan *plan, int weakest, struct err *err)
{
	char names[200] = "";
	size_t used = 0;

	if (weakest <= 0 || plan->tier <= weakest)
		return 0;
	for (int i = 0; i < WALL_COUNT; i++)
		if (plan->missing & TIER1_WALLS & (1U << i) &&
		    used < sizeof(names))
			used += (size_t)snprintf(names + used,
						 sizeof(names) - used, "%s%s",
						 used ? ", " : "",
						 wall_name(i));
	err_set(err, ERR_UNSUPPORTED,
		"this machine gives a jail of tier %d, not %d; missing: %s",
		plan->tier, weakest, names);
	return err_try(err, "coop doctor tells how to get more; or --tier %d",
		       plan->tier);
}

unsigned plan_cpus(const struct plan *plan, const struct machine *machine)
{
	uint64_t cpus = (plan->limits.cpu_milli + 999) / 1000;

	if (!cpus || !(has(machine, CONTROLLER_CPU)) || cpus > machine->cpus)
		cpus = machine->cpus;
	return cpus ? (unsigned)cpus : 1;
}
