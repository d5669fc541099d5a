"""What a plain web server or an object store must be told about the files of a site: media types by suffix, the
redirections of things to their documents (303), representations by `Accept`.

One table, written as nginx, Apache and the hosts that read ``_redirects`` and ``_headers`` want it. A server that reads
none of these still serves every page: redirections are pages as well.
"""

from __future__ import annotations

from ontology.formats import BY_SUFFIX, GRAPHS, HTML, Format

ALSO = {
    ".rq": "application/sparql-query",
    ".ris": "application/x-research-info-systems",
    ".bib": "application/x-bibtex",
}
OFFERED: tuple[Format, ...] = (*GRAPHS, BY_SUFFIX[".akn"], BY_SUFFIX[".txt"])
"""What `Accept` may ask for in place of a page."""
SUFFIXES = tuple(known.suffix for known in (HTML, *OFFERED, BY_SUFFIX[".trig"], BY_SUFFIX[".nq"]))


def rules(path: str) -> dict[str, str]:
    """The files with rules for a site whose base has this path, by name."""
    types = {suffix: known.content_type for suffix, known in BY_SUFFIX.items() if known is not HTML} | ALSO
    return {
        "nginx.conf": _nginx(path, types),
        ".htaccess": _apache(path, types),
        "_redirects": f"{path}id/* {path}doc/:splat 303\n{path}.well-known/void {path}dataset 303\n",
        "_headers": "".join(f"/*{suffix}\n  Content-Type: {kind}\n" for suffix, kind in types.items()),
        ".nojekyll": "",
        "SERVING.txt": SERVING,
    }


SERVING = """These files are a whole site. Its links begin with the path of the base it was built on: serve them there.

python3 -m http.server   shows everything; things (/id/...) lead on by a page
nginx                    include nginx.conf inside http { }, and set root and listen in it
Apache                   reads .htaccess where AllowOverride permits it
Netlify, Cloudflare      read _redirects and _headers
object stores            upload all; the types of suffixes are in _headers, the index document is index.html
"""


def _nginx(path: str, types: dict[str, str]) -> str:
    accepted = "".join(f"    ~*{known.media_type.replace('+', '[+]')} {known.suffix};\n" for known in OFFERED)
    plain = "".join(f"        {kind.split(';')[0]} {suffix[1:]};\n" for suffix, kind in types.items())
    return f"""# To be included inside http {{ }}. Change listen and root.
map $http_accept $palermo_suffix {{
    default "";
    ~*text/html "";
{accepted}}}

server {{
    listen 8080;
    root /srv/palermo;
    include mime.types;
    types {{
{plain}    }}
    charset utf-8;
    charset_types text/plain text/turtle application/rdf+xml application/akn+xml text/csv;
    absolute_redirect off;
    error_page 404 {path}404.html;

    location = {path}.well-known/void {{ return 303 {path}dataset; }}
    location ~ ^{path}id/(.+?)/?$ {{ return 303 {path}doc/$1; }}
    location {path} {{
        add_header Vary Accept always;
        add_header Access-Control-Allow-Origin * always;
        try_files $uri$palermo_suffix $uri/index.html $uri =404;
    }}
}}
"""


def _apache(path: str, types: dict[str, str]) -> str:
    kinds = "".join(f'AddType "{kind}" {suffix}\n' for suffix, kind in types.items())
    accepted = "".join(
        f"RewriteCond %{{HTTP_ACCEPT}} {known.media_type.replace('+', '[+]')}\n"
        "RewriteCond %{HTTP_ACCEPT} !text/html\n"
        f"RewriteCond %{{REQUEST_FILENAME}}{known.suffix} -f\n"
        f"RewriteRule ^(.+[^/])$ $1{known.suffix} [L]\n"
        for known in OFFERED
    )
    return f"""{kinds}DirectoryIndex index.html
DirectorySlash Off
ErrorDocument 404 {path}404.html
Header merge Vary Accept
RewriteEngine On
RewriteBase {path}
RewriteRule ^id/(.+?)/?$ {path}doc/$1 [R=303,L]
RewriteRule ^\\.well-known/void$ {path}dataset [R=303,L]
{accepted}RewriteCond %{{REQUEST_FILENAME}} -d
RewriteRule ^(.*[^/])$ $1/index.html [L]
"""
