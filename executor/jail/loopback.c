/* SPDX-License-Identifier: Apache-2.0 */
/* One ioctl: lo comes up. Everything else of the network stays absent. */
#include "executor/jail/loopback.h"

#include "executor/base/fd.h"
#include "executor/base/str.h"

#include <errno.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

int loopback_up(struct err *err)
{
	struct ifreq req = { 0 };
	_auto_close_ int sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (sock < 0)
		return err_sys(err, errno, "opening a socket");
	str_copy(req.ifr_name, sizeof(req.ifr_name), "lo");
	req.ifr_flags = IFF_UP | IFF_RUNNING;
	if (ioctl(sock, SIOCSIFFLAGS, &req) < 0)
		return err_sys(err, errno, "bringing up lo");
	return 0;
}
