from collections.abc import Mapping
from typing import Any

from requests import Session

class OAuth2Session(Session):
    def __init__(
        self,
        client_id: str | None = ...,
        client_secret: str | None = ...,
        token_endpoint_auth_method: str | None = ...,
        *,
        scope: str | None = ...,
        redirect_uri: str | None = ...,
        code_challenge_method: str | None = ...,
    ) -> None: ...
    def create_authorization_url(
        self, url: str, state: str | None = ..., code_verifier: str | None = ..., **kwargs: str
    ) -> tuple[str, str]: ...
    def fetch_token(self, url: str | None = ..., **kwargs: Any) -> Mapping[str, Any]: ...
