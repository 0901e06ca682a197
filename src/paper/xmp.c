/* SPDX-License-Identifier: Apache-2.0 */
#include "paper/xmp.h"

#include "paper/num.h"

static void escaped(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		switch (s.p[i]) {
		case '&':
			buf_c(out, "&amp;");
			break;
		case '<':
			buf_c(out, "&lt;");
			break;
		case '>':
			buf_c(out, "&gt;");
			break;
		case '"':
			buf_c(out, "&quot;");
			break;
		case '\'':
			buf_c(out, "&apos;");
			break;
		default:
			buf_byte(out, (unsigned char)s.p[i]);
			break;
		}
	}
}

static void element(struct buf *out, const char *name, struct str value)
{
	buf_c(out, "<");
	buf_c(out, name);
	buf_c(out, ">");
	escaped(out, value);
	buf_c(out, "</");
	buf_c(out, name);
	buf_c(out, ">\n");
}

/* PDF/A wants every property outside its predefined schemas described in the packet (ISO 19005-3 §6.6.2.3). */
struct extension {
	const char *schema, *ns, *prefix, *property, *type, *description;
};

static void extension(struct buf *out, const struct extension *x)
{
	const char *const parts[] = {
		"<rdf:li rdf:parseType=\"Resource\"><pdfaSchema:schema>",
		x->schema,
		"</pdfaSchema:schema><pdfaSchema:namespaceURI>",
		x->ns,
		"</pdfaSchema:namespaceURI><pdfaSchema:prefix>",
		x->prefix,
		"</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>"
		"<rdf:li rdf:parseType=\"Resource\"><pdfaProperty:name>",
		x->property,
		"</pdfaProperty:name><pdfaProperty:valueType>",
		x->type,
		"</pdfaProperty:valueType><pdfaProperty:category>internal"
		"</pdfaProperty:category><pdfaProperty:description>",
		x->description,
		"</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property></rdf:li>\n",
	};

	for (size_t i = 0; i < COUNT_OF(parts); i++)
		buf_c(out, parts[i]);
}

static void dates(struct buf *out, const struct xmp *x)
{
	static const char *const names[] = { "xmp:CreateDate", "xmp:ModifyDate",
					     "xmp:MetadataDate" };

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		buf_c(out, "<");
		buf_c(out, names[i]);
		buf_c(out, ">");
		num_xmp_date(out, x->created_unix, x->utc_offset_min);
		buf_c(out, "</");
		buf_c(out, names[i]);
		buf_c(out, ">\n");
	}
}

static void schemas(struct buf *out)
{
	static const struct extension pdfua = { "PDF/UA identification",
						"http://www.aiim.org/pdfua/ns/id/",
						"pdfuaid",
						"part",
						"Integer",
						"Part of ISO 14289 the file conforms to" };
	static const struct extension hufu = {
		"Hufu document token",
		XMP_HUFU_NS,
		"hufu",
		"token",
		"Text",
		"Decimal digits of the token the printed code carries"
	};

	buf_c(out, "<pdfaExtension:schemas><rdf:Bag>\n");
	extension(out, &pdfua);
	extension(out, &hufu);
	buf_c(out, "</rdf:Bag></pdfaExtension:schemas>\n");
}

void xmp_packet(struct buf *out, const struct xmp *x)
{
	buf_c(out, "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
		   "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
		   "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
		   "<rdf:Description rdf:about=\"\""
		   " xmlns:dc=\"http://purl.org/dc/elements/1.1/\""
		   " xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\""
		   " xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\""
		   " xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\""
		   " xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\""
		   " xmlns:pdfaExtension=\"http://www.aiim.org/pdfa/ns/extension/\""
		   " xmlns:pdfaSchema=\"http://www.aiim.org/pdfa/ns/schema#\""
		   " xmlns:pdfaProperty=\"http://www.aiim.org/pdfa/ns/property#\""
		   " xmlns:hufu=\"" XMP_HUFU_NS "\">\n"
		   "<pdfaid:part>3</pdfaid:part>\n"
		   "<pdfaid:conformance>A</pdfaid:conformance>\n"
		   "<pdfuaid:part>1</pdfuaid:part>\n"
		   "<dc:format>application/pdf</dc:format>\n"
		   "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">");
	escaped(out, x->title);
	buf_c(out, "</rdf:li></rdf:Alt></dc:title>\n<dc:language><rdf:Bag><rdf:li>");
	escaped(out, x->language);
	buf_c(out, "</rdf:li></rdf:Bag></dc:language>\n");
	dates(out, x);
	element(out, "xmp:CreatorTool", x->creator);
	element(out, "pdf:Producer", x->producer);
	if (x->token.n > 0)
		element(out, "hufu:token", x->token);
	schemas(out);
	buf_c(out, "</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>");
}
