// SPDX-License-Identifier: GPL-2.0-or-later
#include "manifest.h"

#include "netns.h"
#include "util.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <string.h>

static const char *const details[] = {"request-socket", "minisocket", "orphan",
				      "not-accepted",   "bound-only", "mptcp-subflow",
				      "fast-open",      NULL};

static const char *const timers[] = {"none", "retransmit", "keepalive", "time-wait", "probe", NULL};

struct row *manifest_add(struct manifest *manifest)
{
	struct row *row;

	manifest->rows = xgrow(manifest->rows, &manifest->capacity, manifest->count + 1,
			       sizeof(*manifest->rows));
	row = &manifest->rows[manifest->count++];
	memset(row, 0, sizeof(*row));
	row->fd = -1;
	return row;
}

const char *state_name(int state)
{
	static const char *const names[] = {
		[TCP_ESTABLISHED] = "ESTABLISHED",
		[TCP_SYN_SENT] = "SYN_SENT",
		[TCP_SYN_RECV] = "SYN_RECEIVED",
		[TCP_FIN_WAIT1] = "FIN_WAIT_1",
		[TCP_FIN_WAIT2] = "FIN_WAIT_2",
		[TCP_TIME_WAIT] = "TIME_WAIT",
		[TCP_CLOSE] = "CLOSED",
		[TCP_CLOSE_WAIT] = "CLOSE_WAIT",
		[TCP_LAST_ACK] = "LAST_ACK",
		[TCP_LISTEN] = "LISTEN",
		[TCP_CLOSING] = "CLOSING",
	};

	if (state <= 0 || (size_t)state >= sizeof(names) / sizeof(*names))
		return "UNKNOWN";
	return names[state];
}

static void address_print(char text[INET6_ADDRSTRLEN], const struct end *end, sa_family_t family)
{
	if (family == AF_INET)
		inet_ntop(AF_INET, &end->address.s6_addr[12], text, INET6_ADDRSTRLEN);
	else
		inet_ntop(AF_INET6, &end->address, text, INET6_ADDRSTRLEN);
}

void end_print(char *text, size_t size, const struct end *end)
{
	char address[INET6_ADDRSTRLEN];

	address_print(address, end, end_is_ipv4(end) ? AF_INET : AF_INET6);
	snprintf(text, size, end_is_ipv4(end) ? "%s:%u" : "[%s]:%u", address, end->port);
}

// Writes the names of the bits in set as strings separated by commas.
static void write_set(FILE *out, const char *const *names, unsigned set)
{
	const char *comma = "";

	for (size_t i = 0; names[i]; i++) {
		if (!(set & 1u << i))
			continue;
		fprintf(out, "%s\"%s\"", comma, names[i]);
		comma = ",";
	}
}

static void write_end(FILE *out, const char *key, const struct row *row, const struct end *end)
{
	char address[INET6_ADDRSTRLEN];

	address_print(address, end, row->family);
	fprintf(out, ",\"%s\":{\"address\":\"%s\",\"port\":%u", key, address, end->port);
	if (row->link_local && end == &row->local)
		fprintf(out, ",\"interface\":\"%s\"", LAB_DEVICE);
	fputc('}', out);
}

static void write_comm(FILE *out, const char *comm)
{
	for (const char *c = comm; *c; c++) {
		if (*c > ' ' && *c < 127 && *c != '"' && *c != '\\')
			continue;
		fputs(",\"comm_hex\":\"", out);
		for (c = comm; *c; c++)
			fprintf(out, "%02x", (unsigned char)*c);
		fputc('"', out);
		return;
	}
	fprintf(out, ",\"comm\":\"%s\"", comm);
}

static void write_owners(FILE *out, const struct row *row)
{
	fputs(",\"owners\":[", out);
	for (size_t i = 0; i < row->owner_count; i++) {
		fprintf(out, "%s{\"pid\":%d", i ? "," : "", row->owners[i].pid);
		if (row->owners[i].fd >= 0)
			fprintf(out, ",\"fd\":%d", row->owners[i].fd);
		write_comm(out, row->comm);
		fputc('}', out);
	}
	fputc(']', out);
	if (row->owner_count == 0)
		fprintf(out, ",\"owner_reason\":\"%s\"", row->expect.owner_reason);
}

static void write_situation(FILE *out, const struct expectation *expect)
{
	if (expect->later)
		fprintf(out, ",\"situation\":[\"%s\",\"%s\"]", expect->situation, expect->later);
	else
		fprintf(out, ",\"situation\":\"%s\"", expect->situation);
}

static void write_row(FILE *out, const struct row *row)
{
	const struct expectation *expect = &row->expect;
	bool listener = expect->state == TCP_LISTEN;

	fprintf(out, "{\"kind\":\"%s\",\"family\":\"%s\",\"state\":\"%s\",\"detail\":[", row->kind,
		row->family == AF_INET ? "inet" : "inet6", state_name(expect->state));
	write_set(out, details, expect->detail);
	fputc(']', out);
	write_situation(out, expect);
	write_end(out, "local", row, &row->local);
	if (row->peer.port)
		write_end(out, "peer", row, &row->peer);
	fprintf(out, ",\"inode\":%llu", (unsigned long long)row->inode);
	fprintf(out, ",\"%s\":%d,\"%s\":%d", listener ? "accept_queue" : "recv_queue",
		expect->recv_queue, listener ? "backlog" : "send_queue", expect->send_queue);
	if (expect->timers) {
		bool several = expect->timers & (expect->timers - 1);

		fputs(several ? ",\"timer\":[" : ",\"timer\":", out);
		write_set(out, timers, expect->timers);
		fputs(several ? "]" : "", out);
	}
	write_owners(out, row);
	fputs("}\n", out);
}

void manifest_write(const struct manifest *manifest, FILE *out)
{
	for (size_t i = 0; i < manifest->count; i++)
		write_row(out, &manifest->rows[i]);
}
