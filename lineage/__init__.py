"""Which articles are rewrites of one another, who was probably written from whom, and what each rewrite changed."""
