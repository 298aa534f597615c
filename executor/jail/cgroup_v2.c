/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cgroup v2: one tree. Coop's folder hangs where machine.c found a place: as root
 * below the tree's root, as Docker's cgroupfs driver does, else below a group
 * that is delegated to us. No process of others is moved. Processes are born in
 * their group by clone3(CLONE_INTO_CGROUP); for that cgroup.procs of the box's
 * group and of the nearest group above both sides belong to the nest's root.
 */
#include "executor/jail/cgroup_v2.h"

#include "executor/base/fd.h"
#include "executor/base/str.h"
#include "executor/jail/cgroup_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define CPU_PERIOD_US 100000

static bool v2_plan(struct cgroup_root *root, const struct machine *m,
		    const char *id)
{
	bool any = false;

	for (int i = 0; i < CONTROLLER_COUNT; i++) {
		const struct machine_controller *c = &m->controllers[i];

		root->has[i] = c->version == 2 && c->writable;
		root->place[i] = 0;
		any |= root->has[i];
	}
	/* even without a controller: killing at once, cpu time, pausing */
	if (!any)
		return false;
	root->count = 1;
	snprintf(root->path[0], sizeof(root->path[0]), "%s/coop-%s", m->v2_path,
		 id);
	return true;
}

/* Lets the children of the group `dir` have a controller. EBUSY: processes live
 * in it, and it is not the machine's root. */
static bool enable(int dir, enum controller c)
{
	char text[32];

	snprintf(text, sizeof(text), "+%s", controller_name(c));
	return cgroup_file_write(dir, "cgroup.subtree_control", text, NULL) ==
	       0;
}

/* A controller that cannot be had costs its limit, not the group. */
static int v2_root_ready(struct cgroup_root *root, uid_t nest, struct err *err)
{
	_auto_close_ int above = openat(root->fd[0], "..",
					O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (above < 0)
		return err_sys(err, errno, "opening the group above");
	for (int i = 0; i < CONTROLLER_CPUACCT; i++)
		root->has[i] = root->has[i] && enable(above, i) &&
			       enable(root->fd[0], i);
	if (fchownat(root->fd[0], "cgroup.procs", nest, (gid_t)-1, 0) < 0)
		return err_sys(err, errno, "giving cgroup.procs to the nest");
	return 0;
}

static int v2_limit(struct cgroup *cg, const char *name, uint64_t value,
		    struct err *err)
{
	uint64_t quota = value * (CPU_PERIOD_US / 1000);
	char text[48];

	if (str_equal(name, "memory.max")) {
		cg->memory_limit = value;
		return cgroup_file_number(cg->fd[0], "memory.max", value, err);
	}
	if (str_equal(name, "memory.swap"))
		return cgroup_file_number(cg->fd[0], "memory.swap.max", value,
					  err);
	if (str_equal(name, "pids.max"))
		return cgroup_file_number(cg->fd[0], "pids.max", value, err);
	if (str_equal(name, "cpu.milli")) {
		snprintf(text, sizeof(text), "%llu %d",
			 /* the kernel takes no less than a millisecond */
			 (unsigned long long)(quota < 1000 ? 1000 : quota),
			 CPU_PERIOD_US);
		return cgroup_file_write(cg->fd[0], "cpu.max", text, err);
	}
	return err_set(err, ERR_UNKNOWN, "no limit is called %s", name);
}

static int v2_attach_open(struct cgroup *cg, uid_t nest,
			  int fds[CONTROLLER_COUNT], struct err *err)
{
	if (fchownat(cg->fd[0], "cgroup.procs", nest, (gid_t)-1, 0) < 0)
		return err_sys(err, errno, "giving cgroup.procs to the nest");
	/* not O_PATH: clone3 wants a descriptor that was really opened */
	fds[0] = openat(cg->fd[0], ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fds[0] < 0)
		return err_sys(err, errno, "opening the box's group");
	return 1;
}

static int64_t cpu_ns(const struct cgroup *cg)
{
	int64_t us = cgroup_file_key(cg->fd[0], "cpu.stat", "usage_usec", -1);

	return us < 0 ? -1 : us * 1000;
}

static int64_t local(const struct cgroup *cg, const char *key)
{
	/* .local (5.2): an ancestor's shortage does not count as ours */
	return cgroup_file_key(cg->fd[0], "memory.events.local", key, 0);
}

static int v2_freeze(const struct cgroup *cg, bool frozen, struct err *err)
{
	return cgroup_file_write(cg->fd[0], "cgroup.freeze", frozen ? "1" : "0",
				 err);
}

static void v2_begin(struct cgroup *cg)
{
	int64_t cpu = cpu_ns(cg);

	if (cg->killing)
		v2_freeze(cg, false, NULL);
	cg->cpu_base_ns = cpu > 0 ? (uint64_t)cpu : 0;
	cg->oom_base = (uint64_t)local(cg, "oom_kill");
	cg->at_limit_base = (uint64_t)local(cg, "oom");
	cg->refused_base = (uint64_t)cgroup_file_key(cg->fd[0], "pids.events",
						     "max", 0);
}

static void v2_usage(const struct cgroup *cg, struct cgroup_usage *u)
{
	int64_t cpu = cpu_ns(cg);

	u->cpu_ns = cpu < 0 ? -1 : cpu - (int64_t)cg->cpu_base_ns;
	u->memory_peak = cgroup_file_read(cg->fd[0], "memory.peak", -1);
	u->processes_peak = cgroup_file_read(cg->fd[0], "pids.peak", -1);
	u->oom_kill = (uint64_t)local(cg, "oom_kill") > cg->oom_base;
	u->memory_at_limit = (uint64_t)local(cg, "oom") > cg->at_limit_base;
	u->fork_refused = (uint64_t)cgroup_file_key(cg->fd[0], "pids.events",
						    "max",
						    0) > cg->refused_base;
}

static bool v2_empty(const struct cgroup *cg)
{
	/* zombies are not populace, but count against the next program's
	 * limit; without the controller there is none */
	return cgroup_file_key(cg->fd[0], "cgroup.events", "populated", 1) ==
		       0 &&
	       cgroup_file_read(cg->fd[0], "pids.current", 0) == 0;
}

/*
 * Frozen processes bear nothing more and still die of SIGKILL; begin() thaws.
 * Not cgroup.kill: once it was used Linux, since 6.14 and the stable kernels of
 * early 2025 (seen in 6.1.176 and 6.18.44), kills all that CLONE_INTO_CGROUP ever
 * puts into that group.
 */
static bool v2_kill(struct cgroup *cg)
{
	v2_freeze(cg, true, NULL);
	cgroup_file_kill(cg->fd[0], &cg->denied);
	return v2_empty(cg);
}

const struct cgroup_driver cgroup_v2 = {
	.name = "v2",
	.plan = v2_plan,
	.root_ready = v2_root_ready,
	.limit = v2_limit,
	.attach_open = v2_attach_open,
	.begin = v2_begin,
	.usage = v2_usage,
	.freeze = v2_freeze,
	.kill = v2_kill,
	.empty = v2_empty,
	.attach_by_clone = true,
};
