// Sanitizes HTML from Ion's API. People at the school write it, and any script in it would run on our pages.

import sanitizeHtml from 'sanitize-html';

/** Sanitizes the name of a day or a period, which can contain a line break: `NO SCHOOL<br>`. */
export function cleanName(html: string): string {
  return sanitizeHtml(html, { allowedTags: ['br'], allowedAttributes: {} });
}

/** Sanitizes an announcement: keeps text, lists and links. Links without a host lead to Ion, at `ionURL`. */
export function cleanText(html: string, ionURL: string): string {
  return sanitizeHtml(html, {
    allowedTags: [
      'p',
      'br',
      'b',
      'strong',
      'i',
      'em',
      'u',
      'ul',
      'ol',
      'li',
      'blockquote',
      'div',
      'a',
    ],
    allowedAttributes: { a: ['href', 'rel'] },
    transformTags: {
      a: (tagName, { href = '' }) => ({ tagName, attribs: linkFrom(href, ionURL) }),
      // Headings become paragraphs, because the page has headings of its own.
      h1: 'p',
      h2: 'p',
      h3: 'p',
      h4: 'p',
      h5: 'p',
      h6: 'p',
      // Pictures become their descriptions, because the page does not load pictures from other hosts. A
      // picture without a description disappears, because img is not allowed.
      img: (img, { alt = '' }) =>
        alt ? { tagName: 'em', attribs: {}, text: alt } : { tagName: img, attribs: {} },
    },
  });
}

function linkFrom(href: string, ionURL: string): sanitizeHtml.Attributes {
  const url = URL.canParse(href, ionURL) ? new URL(href, ionURL) : undefined;
  const safe = url && ['https:', 'http:', 'mailto:'].includes(url.protocol);
  return safe ? { href: url.href, rel: 'noopener noreferrer nofollow' } : {};
}
