import { cleanName, cleanText } from '../../example-app/src/pages/ion-html.js';

const ION = 'https://ion.tjhsst.edu';

describe('the name of a day', () => {
  it('keeps its line break', () => {
    expect(cleanName('NO SCHOOL<br>')).toBe('NO SCHOOL<br />');
  });

  it('keeps only the text of other markup', () => {
    expect(cleanName('<b class="x">Blue</b> &amp; <i>White</i> 2 < 3')).toBe(
      'Blue &amp; White 2 &lt; 3',
    );
  });

  it('loses its scripts', () => {
    expect(cleanName('<script>alert(1)</script>Blue Day<img src=x onerror=alert(1)>')).toBe(
      'Blue Day',
    );
  });
});

describe('an announcement', () => {
  it.each([
    [
      '<p>One<br>two</p><ul><li><b>three</b></li></ul>',
      '<p>One<br />two</p><ul><li><b>three</b></li></ul>',
    ],
    ['<p style="color:red" onclick="alert(1)" class="x" id="content">Red</p>', '<p>Red</p>'],
    ['<h1>Big</h1>', '<p>Big</p>'],
    ['<script>alert(1)</script><style>*{}</style>Text', 'Text'],
    ['<iframe src="https://evil.example"></iframe><object></object>Text', 'Text'],
    ['<form action="/logout"><button>Win</button></form>', 'Win'],
    ['<img src="https://evil.example/x.png" alt="A cat">', '<em>A cat</em>'],
    ['<img alt="&lt;script&gt;alert(1)">', '<em>&lt;script&gt;alert(1)</em>'],
    ['<img src=x onerror=alert(1)>', ''],
    ['<p>Never closed', '<p>Never closed</p>'],
    ['</main></body><p>Out', '<p>Out</p>'],
    ['<svg><script>alert(1)</script></svg>', ''],
  ])('%j is shown as %j', (html, shown) => {
    expect(cleanText(html, ION)).toBe(shown);
  });

  it.each([
    ['https://example.org/a?b&c', 'https://example.org/a?b&amp;c'],
    ['mailto:a@example.org', 'mailto:a@example.org'],
    ['/eighth', 'https://ion.tjhsst.edu/eighth'],
    ['//example.org/', 'https://example.org/'],
  ])('links to %j, without telling the other site where the person came from', (href, shown) => {
    expect(cleanText(`<a href="${href}" target="_blank">go</a>`, ION)).toBe(
      `<a href="${shown}" rel="noopener noreferrer nofollow">go</a>`,
    );
  });

  it.each([
    'javascript:alert(1)',
    ' JaVaScRiPt:alert(1)',
    'java\tscript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'http://[',
  ])('does not link to %j', (href) => {
    expect(cleanText(`<a href="${href}">go</a>`, ION)).toBe('<a>go</a>');
  });
});
