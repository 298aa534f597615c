/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the machine can enforce, in sentences for people, each with what would
 * get more. The only file of jail/ that words anything.
 */
#include "executor/jail/machine.h"

#include "executor/base/str.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct report {
	struct machine_fact *facts;
	unsigned count;
};

/* What to do about a fact; none when it is as it should be. */
static const char *unless(bool ok, const char *remedy)
{
	return ok ? NULL : remedy;
}

/* `remedy` NULL: all is well. */
__attribute__((format(printf, 4, 5))) static void say(struct report *r,
						      const char *name,
						      const char *remedy,
						      const char *fmt, ...)
{
	struct machine_fact *f;
	va_list ap;

	if (r->count == MACHINE_FACTS_MAX)
		return;
	f = &r->facts[r->count++];
	f->name = name;
	f->ok = !remedy;
	f->remedy = remedy;
	va_start(ap, fmt);
	vsnprintf(f->text, sizeof(f->text), fmt, ap);
	va_end(ap);
}

static void say_userns(struct report *r, const struct machine *m)
{
	struct err err = { 0 };

	if (m->userns_errno > 0 || m->userns_restricted) {
		machine_no_userns(m, m->userns_errno > 0 ? m->userns_errno : 0,
				  &err);
		say(r, "user namespaces",
		    m->max_user_namespaces == 0
			    ? "sysctl user.max_user_namespaces=10000"
			    : "run as root, or permit unprivileged user namespaces "
			      "(sysctl kernel.unprivileged_userns_clone=1, "
			      "kernel.apparmor_restrict_unprivileged_userns=0)",
		    "%.250s", err.text);
	} else {
		say(r, "user namespaces", NULL, "can be made%s",
		    m->userns_errno == 0 ? " (tried)" : "");
	}
}

static void say_groups(struct report *r, const struct machine *m)
{
	static const char *const names[CONTROLLER_COUNT] = {
		"cgroup memory",   "cgroup pids",    "cgroup cpu",
		"cgroup cpu time", "cgroup freezer",
	};

	for (int i = 0; i < CONTROLLER_COUNT; i++) {
		const struct machine_controller *c = &m->controllers[i];

		if (!c->version)
			say(r, names[i],
			    "mount the controller, or boot a kernel that has "
			    "it",
			    "the controller is not there");
		else if (!c->writable)
			say(r, names[i],
			    "run as root, or in a delegated group "
			    "(systemd-run --user --scope -p Delegate=yes coop "
			    "…; in a service Delegate=yes and "
			    "DelegateSubgroup=); in a container mount "
			    "/sys/fs/cgroup writable and keep its processes "
			    "in a group below it",
			    "no group can have it in %.150s", c->path);
		else
			say(r, names[i], NULL, "version %d, %.150s", c->version,
			    c->path);
	}
}

static void say_memory(struct report *r, const struct machine *m)
{
	say(r, "swap",
	    unless(!m->swap || m->memory_swap_limit,
		   "boot with swapaccount=1, or turn swap off"),
	    !m->swap               ? "the machine has none"
	    : m->memory_swap_limit ? "is counted and limited"
				   : "is there but cannot be limited");
}

static void say_kernel(struct report *r, const struct machine *m)
{
	say(r, "kernel", unless(m->mount_setattr, "Linux 5.12 or newer"),
	    "Linux %u.%u, %u cpus", m->kernel_major, m->kernel_minor, m->cpus);
	say(r, "landlock",
	    unless(m->landlock_abi > 0,
		   "boot with "
		   "lsm=landlock,… on Linux 5.13 or newer"),
	    m->landlock_abi ? "version %d" : "is not there", m->landlock_abi);
	say(r, "seccomp user notification",
	    unless(m->user_notify, "Linux 5.0 or newer"),
	    m->user_notify
		    ? "is there"
		    : "is not there: refused system calls stay nameless");
	say(r, "openat2",
	    unless(m->openat2, "Linux 5.6 or newer; in a container a seccomp "
			       "profile that knows the call"),
	    m->openat2 ? "is there"
		       : "is not there: paths are walked part by part");
}

static void say_privilege(struct report *r, const struct machine *m)
{
	const struct machine_range *s = &m->sub_uids;

	if (m->root)
		say(r, "privilege", NULL,
		    "root: each box has its own host uid");
	else if (s->count)
		say(r, "privilege", NULL,
		    "uid %u: each box has its own host uid of %u..%u", m->uid,
		    s->first, s->first + s->count - 1);
	else
		say(r, "privilege",
		    "for a host uid of each box's own run as root, or install "
		    "newuidmap (Debian: apt install uidmap) and give this user "
		    "a range in /etc/subuid and /etc/subgid (usermod "
		    "--add-subuids 100000-165535 --add-subgids 100000-165535 "
		    "USER)",
		    "uid %u: boxes have the caller's uid on the host", m->uid);
}

unsigned machine_facts(const struct machine *m,
		       struct machine_fact out[MACHINE_FACTS_MAX])
{
	struct report r = { .facts = out };

	say_privilege(&r, m);
	say_kernel(&r, m);
	say_userns(&r, m);
	say_groups(&r, m);
	say_memory(&r, m);
	say(&r, "proc",
	    unless(m->proc_visible, "in a container: run with an "
				    "unmasked /proc (Docker: --security-opt "
				    "systempaths=unconfined)"),
	    m->proc_visible
		    ? "a private /proc can be mounted"
		    : "/proc is masked here, so boxes get an empty one");
	return r.count;
}

int machine_no_userns(const struct machine *m, int errno_value, struct err *err)
{
	if (m->max_user_namespaces == 0 || errno_value == ENOSPC) {
		err_set(err, ERR_UNSUPPORTED,
			"user namespaces are used up "
			"or switched off (user.max_user_namespaces = %ld)",
			m->max_user_namespaces);
		return err_try(err, "sysctl user.max_user_namespaces=10000, "
				    "and coop doctor");
	}
	if (errno_value == ENOSYS || errno_value == EINVAL) {
		err_set(err, ERR_UNSUPPORTED,
			"the kernel (%u.%u) cannot make a jail's namespaces",
			m->kernel_major, m->kernel_minor);
		return err_try(err, "Linux 5.12 or newer with namespaces "
				    "built in");
	}
	err_set(err, ERR_UNSUPPORTED,
		"this system refuses to make user "
		"namespaces%s%s",
		errno_value ? ": " : "",
		errno_value ? strerror(errno_value) : "");
	return err_try(err, "run as root, permit unprivileged user "
			    "namespaces, or in a container relax its seccomp "
			    "profile; coop doctor tells more");
}
