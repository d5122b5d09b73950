/** Fifty ways in which a text tries to be more than a text. */
export const texts = [
  "<script>hit()</script>", "<img src=x onerror=hit()>", "<svg onload=hit()>", "<svg><script>hit()</script></svg>",
  "<iframe srcdoc='<script>parent.hit()</script>'>", "<iframe src=javascript:parent.hit()>", "<body onload=hit()>", "<input autofocus onfocus=hit()>",
  "<select autofocus onfocus=hit()>", "<textarea autofocus onfocus=hit()>", "<details open ontoggle=hit()>", "<video><source onerror=hit()>",
  "<audio src=x onerror=hit()>", "<marquee onstart=hit()>", "<object data=javascript:hit()>", "<embed src=javascript:hit()>",
  "<a href=javascript:hit()>点这里</a>", "<form action=javascript:hit()><button>点</button></form>", "<math href=javascript:hit()>点</math>", "<base href=//elsewhere.invalid/>",
  "<link rel=stylesheet href=//elsewhere.invalid/x.css>", "<style>@import '//elsewhere.invalid/x.css';</style>", "<style>*{display:none}</style>", "<meta http-equiv=refresh content='0;url=//elsewhere.invalid'>",
  "<img src=//elsewhere.invalid/pixel.png>", "{{constructor.constructor('hit()')()}}", "${hit()}", "#{hit()}", "<%= hit() %>", "[[hit()]]",
  "javascript:hit()", "data:text/html,<script>hit()</script>", "\\u003cscript\\u003ehit()\\u003c/script\\u003e", "&lt;script&gt;hit()&lt;/script&gt;", "&#60;script&#62;hit()&#60;/script&#62;", "%3Cscript%3Ehit()%3C/script%3E",
  "</textarea><script>hit()</script>", "</title><script>hit()</script>", "'\"><script>hit()</script>", "--><script>hit()</script>", "]]><script>hit()</script>", "<scr<script>ipt>hit()</scr</script>ipt>",
  "<ScRiPt>hit()</sCrIpT>", "<script/x>hit()</script>", "<img/src=x/onerror=hit()>", "<div style=background:url(javascript:hit())>", "<div onclick=hit()>点这里</div>", "<button onclick=hit()>退款</button>",
  "<template><script>hit()</script></template>", "<noscript><p title='</noscript><img src=x onerror=hit()>'>",
];
