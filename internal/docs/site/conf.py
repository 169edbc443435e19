"""How Sphinx makes the site: `make docs` runs it."""

project = "gocomm"
author = "the gocomm authors"
extensions = ["myst_parser", "sphinx.ext.autodoc"]
smartquotes = False  # a "nan" is to be copied

myst_heading_anchors = 6  # as GitHub has them
# JSON and JavaScript with "…" in it has no lexer; the reference's headings may skip a level.
suppress_warnings = ["misc.highlighting_failure", "myst.header"]

# The package is read without what it needs: the reference shows its own classes.
autodoc_mock_imports = ["anywidget", "traitlets", "ipykernel", "IPython", "comm", "zmq"]
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
python_maximum_signature_line_length = 100
add_module_names = False

html_theme = "furo"
html_title = "gocomm"
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
html_show_sourcelink = False
html_static_path = ["style"]
html_css_files = ["site.css"]
highlight_language = "text"
pygments_style = "default"
pygments_dark_style = "github-dark"
