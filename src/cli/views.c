// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/views.h"

#include "cli/subject.h"
#include "render/csv.h"
#include "render/diagnose.h"
#include "render/diagram.h"
#include "render/explain.h"
#include "render/json.h"
#include "render/kill.h"
#include "render/listeners.h"
#include "render/ports.h"
#include "render/summary.h"
#include "render/table.h"
#include "render/why.h"

enum {
	WANT_ALL = WANT_INFO | WANT_CONG_INFO | WANT_CONG | WANT_TOS | WANT_TCLASS | WANT_MEMORY |
		   WANT_OWNERS | WANT_PROCESS | WANT_SITUATION | WANT_HOST | WANT_BOUND |
		   WANT_VITALS,
	WANT_DIAGNOSIS = WANT_INFO | WANT_MEMORY | WANT_OWNERS | WANT_PROCESS | WANT_VITALS |
			 WANT_SITUATION | WANT_HOST | WANT_BOUND,
};

static const struct view_row views[] = {
	{VIEW_TABLE, "", "state,recvq,sendq,local,peer,process,what", UINT32_MAX, 0, true,
	 table_view, NULL},
	{VIEW_WATCH, "--watch", "state,recvq,sendq,local,peer,process,what", UINT32_MAX, 0, true,
	 table_view, NULL},
	{VIEW_LISTENERS, "--listening",
	 "port,address,reach,accept-queue,backlog,drops,process,user,unit", STATE_BIT(LISTEN),
	 WANT_MEMORY, true, listeners_view, NULL},
	{VIEW_PORTS, "--ports", "process", UINT32_MAX, WANT_PROCESS, false, ports_view,
	 ports_json_view},
	{VIEW_SUMMARY, "--summary", "state", UINT32_MAX, WANT_DIAGNOSIS, false, summary_view,
	 summary_json_view},
	{VIEW_EXPLAIN, "--explain", "what", UINT32_MAX,
	 WANT_INFO | WANT_OWNERS | WANT_SITUATION | WANT_HOST | WANT_BOUND, false,
	 explain_states_view, explain_state_json_view},
	{VIEW_DIAGNOSE, "--diagnose", "what", UINT32_MAX, WANT_DIAGNOSIS, false, diagnose_view,
	 diagnose_json_view},
	{VIEW_DIAGRAM, "--diagram", "state", UINT32_MAX, WANT_DIAGNOSIS, false, diagram_view,
	 summary_json_view},
	{VIEW_WHY, "--why", "what", UINT32_MAX,
	 WANT_PROCESS | WANT_OWNERS | WANT_SITUATION | WANT_HOST | WANT_BOUND, false, why_view,
	 why_json_view},
	{VIEW_KILL, "--kill", "state,recvq,sendq,local,peer,process,what", UINT32_MAX,
	 WANT_INFO | WANT_OWNERS | WANT_PROCESS | WANT_SITUATION | WANT_HOST | WANT_BOUND, true,
	 kill_view, kill_json_view},
};

const struct view_row *view_row(enum view_name view)
{
	const struct view_row *v = views;

	while (v->view != view)
		v++;
	return v;
}

uint32_t view_needs(const struct options *o, const struct columns *columns,
		    const struct columns *sort)
{
	const struct view_row *row = view_row(o->view);
	uint32_t want = columns_need(columns) | columns_need(sort);

	if (o->form == FORM_JSON && !row->json && !o->columns)
		return WANT_ALL;
	switch (subject_of(o)) {
	case SUBJECT_FINDING:
	case SUBJECT_STATE: return WANT_DIAGNOSIS;
	case SUBJECT_SITUATION:
	case SUBJECT_SOCKETS: return WANT_ALL;
	case SUBJECT_NONE:
	case SUBJECT_STATES: break;
	}
	if (o->view != VIEW_LISTENERS || !o->columns)
		want |= row->want;
	return want | block_needs(o->blocks);
}

static struct view *choose_explanation(const struct options *o)
{
	bool json = o->form == FORM_JSON;

	switch (subject_of(o)) {
	case SUBJECT_FINDING: return json ? diagnose_json_view() : explain_finding_view();
	case SUBJECT_SITUATION:
		return json ? explain_sockets_json_view() : explain_situation_view();
	case SUBJECT_STATE: return explain_state_view();
	case SUBJECT_NONE:
	case SUBJECT_STATES: return json ? explain_state_json_view() : explain_states_view();
	case SUBJECT_SOCKETS: break;
	}
	return json ? explain_sockets_json_view() : explain_sockets_view();
}

struct view *view_make(const struct options *o)
{
	const struct view_row *row = view_row(o->view);

	if (o->form == FORM_CSV)
		return csv_view();
	if (o->view == VIEW_EXPLAIN)
		return choose_explanation(o);
	if (o->form == FORM_JSON)
		return row->json ? row->json() : json_view();
	if (o->view == VIEW_LISTENERS && (o->columns || o->blocks || o->sort))
		return table_view();
	return row->text();
}
