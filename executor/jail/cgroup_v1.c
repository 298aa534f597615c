/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cgroup v1: a folder in each hierarchy that a controller lives in; some share
 * one. Processes enter by writing "0" to `tasks` themselves, which costs 30 µs
 * where cgroup.procs takes milliseconds after idle.
 */
#include "executor/jail/cgroup_v1.h"

#include "executor/base/str.h"
#include "executor/jail/cgroup_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#define CPU_PERIOD_US 100000

/* The kernel charges in batches: at its limit the highest use it saw may stop
 * this far below. */
#define CHARGE_SLACK 262144

/* A quarter of the memory limit for buffers of sockets. */
#define SOCKET_SHARE 4

static int dir_of(const struct cgroup *cg, enum controller c)
{
	return cg->root->has[c] ? cg->fd[cg->root->place[c]] : -1;
}

static bool v1_plan(struct cgroup_root *root, const struct machine *m,
		    const char *id)
{
	char path[sizeof(root->path[0])];

	for (int i = 0; i < CONTROLLER_COUNT; i++) {
		const struct machine_controller *c = &m->controllers[i];
		unsigned at = 0;

		if (c->version != 1 || !c->writable)
			continue;
		snprintf(path, sizeof(path), "%s/coop-%s", c->path, id);
		while (at < root->count && strcmp(root->path[at], path) != 0)
			at++;
		if (at == root->count)
			str_copy(root->path[root->count++],
				 sizeof(root->path[0]), path);
		root->has[i] = true;
		root->place[i] = (int)at;
	}
	return root->count > 0;
}

static int v1_root_ready(struct cgroup_root *root, uid_t nest, struct err *err)
{
	return 0;
}

static int limit_cpu(int dir, uint64_t milli, struct err *err)
{
	uint64_t quota = milli * (CPU_PERIOD_US / 1000);

	int rc = cgroup_file_number(dir, "cpu.cfs_period_us", CPU_PERIOD_US,
				    err);

	if (rc)
		return rc;
	/* the kernel takes no less than a millisecond */
	return cgroup_file_number(dir, "cpu.cfs_quota_us",
				  quota < 1000 ? 1000 : quota, err);
}

/* v1 counts the buffers of sockets apart from all other memory, and only where
 * they have a limit: so a box may hold that much more. */
static int limit_memory(struct cgroup *cg, uint64_t value, struct err *err)
{
	int dir = dir_of(cg, CONTROLLER_MEMORY);
	int rc = cgroup_file_number(dir, "memory.limit_in_bytes", value, err);

	if (rc)
		return rc;
	cg->memory_limit = value;
	/* newer kernels may be built without it */
	cgroup_file_number(dir, "memory.kmem.tcp.limit_in_bytes",
			   value / SOCKET_SHARE, NULL);
	return 0;
}

static int v1_limit(struct cgroup *cg, const char *name, uint64_t value,
		    struct err *err)
{
	int memory = dir_of(cg, CONTROLLER_MEMORY);

	if (str_equal(name, "memory.max"))
		return limit_memory(cg, value, err);
	/* v1 limits memory and swap together, so it comes after memory.max */
	if (str_equal(name, "memory.swap"))
		return cgroup_file_number(memory, "memory.memsw.limit_in_bytes",
					  cg->memory_limit + value, err);
	if (str_equal(name, "pids.max"))
		return cgroup_file_number(dir_of(cg, CONTROLLER_PIDS),
					  "pids.max", value, err);
	if (str_equal(name, "cpu.milli"))
		return limit_cpu(dir_of(cg, CONTROLLER_CPU), value, err);
	return err_set(err, ERR_UNKNOWN, "no limit is called %s", name);
}

static int v1_attach_open(struct cgroup *cg, uid_t nest,
			  int fds[CONTROLLER_COUNT], struct err *err)
{
	unsigned n;

	for (n = 0; n < cg->root->count; n++) {
		fds[n] = openat(cg->fd[n], "tasks", O_WRONLY | O_CLOEXEC);
		if (fds[n] < 0)
			return err_sys(err, errno, "opening tasks");
	}
	return (int)n;
}

static int64_t cpu_ns(const struct cgroup *cg)
{
	return cgroup_file_read(dir_of(cg, CONTROLLER_CPUACCT), "cpuacct.usage",
				-1);
}

static int64_t ooms(const struct cgroup *cg)
{
	return cgroup_file_key(dir_of(cg, CONTROLLER_MEMORY),
			       "memory.oom_control", "oom_kill", 0);
}

static int64_t refused(const struct cgroup *cg)
{
	return cgroup_file_key(dir_of(cg, CONTROLLER_PIDS), "pids.events",
			       "max", 0);
}

static void v1_begin(struct cgroup *cg)
{
	int64_t cpu = cpu_ns(cg);

	cg->cpu_base_ns = cpu > 0 ? (uint64_t)cpu : 0;
	cg->oom_base = (uint64_t)ooms(cg);
	cg->refused_base = (uint64_t)refused(cg);
	if (cg->root->has[CONTROLLER_MEMORY])
		cgroup_file_write(dir_of(cg, CONTROLLER_MEMORY),
				  "memory.max_usage_in_bytes", "0", NULL);
}

static void v1_usage(const struct cgroup *cg, struct cgroup_usage *u)
{
	int64_t cpu = cpu_ns(cg);

	u->cpu_ns = cpu < 0 ? -1 : cpu - (int64_t)cg->cpu_base_ns;
	u->memory_peak = cgroup_file_read(dir_of(cg, CONTROLLER_MEMORY),
					  "memory.max_usage_in_bytes", -1);
	u->processes_peak = cgroup_file_read(dir_of(cg, CONTROLLER_PIDS),
					     "pids.peak", -1);
	u->oom_kill = (uint64_t)ooms(cg) > cg->oom_base;
	u->memory_at_limit = u->memory_peak >= 0 && cg->memory_limit &&
			     (uint64_t)u->memory_peak + CHARGE_SLACK >=
				     cg->memory_limit;
	u->fork_refused = (uint64_t)refused(cg) > cg->refused_base;
}

static int v1_freeze(const struct cgroup *cg, bool frozen, struct err *err)
{
	if (!cg->root->has[CONTROLLER_FREEZER])
		return err_set(err, ERR_UNSUPPORTED, "nothing freezes here");
	return cgroup_file_write(dir_of(cg, CONTROLLER_FREEZER),
				 "freezer.state", frozen ? "FROZEN" : "THAWED",
				 err);
}

/* Any hierarchy lists the processes: each enters all of them. */
static int list_dir(const struct cgroup *cg)
{
	return cg->root->has[CONTROLLER_PIDS] ? dir_of(cg, CONTROLLER_PIDS)
					      : cg->fd[0];
}

static bool v1_empty(const struct cgroup *cg)
{
	int dir = list_dir(cg);

	/* zombies are not listed, but count against the next program's limit */
	return cgroup_file_empty(dir) &&
	       (!cg->root->has[CONTROLLER_PIDS] ||
		cgroup_file_read(dir, "pids.current", 0) == 0);
}

static bool v1_kill(struct cgroup *cg)
{
	/* nothing new is born while the list is worked off */
	if (cg->root->has[CONTROLLER_PIDS])
		cgroup_file_write(dir_of(cg, CONTROLLER_PIDS), "pids.max", "0",
				  NULL);
	/* a frozen process takes SIGKILL only when thawed */
	v1_freeze(cg, false, NULL);
	cgroup_file_kill(list_dir(cg), &cg->denied);
	return v1_empty(cg);
}

const struct cgroup_driver cgroup_v1 = {
	.name = "v1",
	.plan = v1_plan,
	.root_ready = v1_root_ready,
	.limit = v1_limit,
	.attach_open = v1_attach_open,
	.begin = v1_begin,
	.usage = v1_usage,
	.freeze = v1_freeze,
	.kill = v1_kill,
	.empty = v1_empty,
};
