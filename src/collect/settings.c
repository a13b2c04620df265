// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "collect/process.h"
#include "util/grow.h"

/* The longest list, every second port, is shorter. */
enum { PORTS_SIZE = 4096, PORTS_LONGEST = 256 * 1024 };

static const char reserved_path[] = "/proc/sys/net/ipv4/ip_local_reserved_ports";

static void read_sysctl(const struct sysctl *sysctl, struct sysctl_value *v)
{
	char path[96], text[96];
	int numbers;

	snprintf(path, sizeof(path), "/proc/sys/net/%s", sysctl->file);
	if (process_read_text(AT_FDCWD, path, text, sizeof(text)) < 0)
		return;
	numbers = sscanf(text, "%" SCNd64 " %" SCNd64 " %" SCNd64, &v->value, &v->upper, &v->third);
	v->known = numbers == sysctl->numbers;
}

/* "8080" or "9148-9150"; *text moves behind it. */
static bool parse_range(const char **text, struct port_range *range)
{
	char *end;
	unsigned long first = strtoul(*text, &end, 10), last = first;

	if (end != *text && *end == '-')
		last = strtoul(end + 1, &end, 10);
	if (end == *text || first > last || last > UINT16_MAX)
		return false;
	*text = end + (*end == ',');
	*range = (struct port_range){(uint16_t)first, (uint16_t)last};
	return true;
}

static int parse_reserved(struct netns *ns, const char *text)
{
	struct port_range range;
	size_t cap = 0;

	while (parse_range(&text, &range)) {
		if (GROW(ns->reserved, cap, ns->reserved_count + 1))
			return -ENOMEM;
		ns->reserved[ns->reserved_count++] = range;
	}
	/* Nothing but the end of the line may be left: half a list would be a false one. */
	ns->have_reserved = *text == '\n' || !*text;
	return 0;
}

/* The kernel gives this file in one piece or cut off, so that one that fills the room is cut. */
static int read_reserved(struct netns *ns)
{
	char text[PORTS_SIZE], *longest;
	ssize_t n = process_read_text(AT_FDCWD, reserved_path, text, sizeof(text));
	int error = 0;

	if (n < (ssize_t)sizeof(text) - 1)
		return n < 0 ? 0 : parse_reserved(ns, text);
	longest = malloc(PORTS_LONGEST);
	if (!longest)
		return -ENOMEM;
	if (process_read_text(AT_FDCWD, reserved_path, longest, PORTS_LONGEST) > 0)
		error = parse_reserved(ns, longest);
	free(longest);
	return error;
}

int settings_read(struct netns *ns)
{
	for (int i = 0; i < SYSCTL_COUNT; i++)
		read_sysctl(&sysctls[i], &ns->sysctls[i]);
	return read_reserved(ns);
}
