/* SPDX-License-Identifier: Apache-2.0 */
/* Raw calls instead of libcap: the broker links as little as it can. */
#include "executor/jail/caps.h"

#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CAPS_MAX 64

static void head_version(struct __user_cap_header_struct *head)
{
	memset(head, 0, sizeof(*head));
	head->version = _LINUX_CAPABILITY_VERSION_3;
}

int caps_verify(struct err *err)
{
	struct __user_cap_header_struct head;
	struct __user_cap_data_struct data[2];

	head_version(&head);
	if (syscall(SYS_capget, &head, data) < 0)
		return err_sys(err, errno, "reading capabilities");
	for (int i = 0; i < 2; i++)
		if (data[i].effective || data[i].permitted ||
		    data[i].inheritable)
			return err_set(err, ERR_INTERNAL,
				       "capabilities are left");
	for (int cap = 0; cap < CAPS_MAX; cap++) {
		int bound = prctl(PR_CAPBSET_READ, cap, 0, 0, 0);

		if (bound < 0) /* beyond the kernel's last one */
			break;
		if (bound ||
		    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, cap, 0, 0) > 0)
			return err_set(err, ERR_INTERNAL,
				       "capability %d is left", cap);
	}
	return 0;
}

int caps_keep(uint64_t keep, struct err *err)
{
	struct __user_cap_header_struct head;
	struct __user_cap_data_struct data[2];

	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
		return err_sys(err, errno, "clearing ambient capabilities");
	for (int cap = 0; cap < CAPS_MAX; cap++) {
		if (keep & 1ULL << cap ||
		    prctl(PR_CAPBSET_READ, cap, 0, 0, 0) <= 0)
			continue;
		if (prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0)
			return err_sys(err, errno, "dropping capability %d",
				       cap);
	}
	head_version(&head);
	if (syscall(SYS_capget, &head, data) < 0)
		return err_sys(err, errno, "reading capabilities");
	for (int i = 0; i < 2; i++) {
		data[i].effective &= (uint32_t)(keep >> 32 * i);
		data[i].permitted &= (uint32_t)(keep >> 32 * i);
		data[i].inheritable = 0;
	}
	head_version(&head);
	if (syscall(SYS_capset, &head, data) < 0)
		return err_sys(err, errno, "dropping capabilities");
	return 0;
}

int caps_drop(struct err *err)
{
	int rc = caps_keep(0, err);

	return rc ? rc : caps_verify(err);
}

int caps_no_new_privs(struct err *err)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_sys(err, errno, "setting no_new_privs");
	return 0;
}
